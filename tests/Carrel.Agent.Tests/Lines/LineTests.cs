using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;
using Carrel.Engine.Lines;

namespace Carrel.Agent.Tests.Lines;

/// <summary>What programs of a machine ask the server over the line it opened: the engine's side and the agent's, over real connections.</summary>
public sealed class LineTests
{
    private static readonly Guid Machine = Guid.NewGuid();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_with_the_secret_gets_the_servers_answer_and_the_server_hears_what_was_asked()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var server = new ServerSide(machine);
        using var answer = await AskAsync(machine, "?resource=https://a&clientid=None&api-version=2017-09-01", machine.Secret.Derive("identity"));
        ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)).ShouldBe((200, """{"access_token":"t"}"""));
        MachineCall call = server.Calls.ShouldHaveSingleItem();
        (call.Kind, call.Resource, call.Selector, call.Named).ShouldBe((MachineCallKinds.IdentityToken, "https://a", "Default", null));
    }

    [Fact(DisplayName = "9.T6 Without the secret nothing reaches the server")]
    public async Task Without_the_secret_nothing_reaches_the_server()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var server = new ServerSide(machine);
        using var answer = await AskAsync(machine, "?resource=https://a&api-version=2017-09-01", machine.Secret.Derive("jupyter"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("\"error\":\"unauthorized_client\"");
        server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_server_a_program_is_told_to_try_again()
    {
        await using var machine = await TestMachine.StartAsync();
        using var answer = await AskAsync(machine, "?resource=https://a&api-version=2017-09-01", machine.Secret.Derive("identity"));
        ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)).ShouldBe((500, Carrel.AgentProtocol.Identity.IdentityRefusal.Failed.ToJson()));
    }

    [Fact]
    public async Task Neither_side_takes_somebody_who_does_not_know_the_machines_secret()
    {
        await using var machine = await TestMachine.StartAsync();
        await using (var foreign = new ServerSide(machine, MachineSecret.Create()))
        {
            (await foreign.OpenedAsync()).ShouldBeFalse("the agent's proof is of another secret: this may be another machine under a reused address");
        }

        // Whoever dials the agent and only repeats what it says is not the server either.
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, machine.Lines.Port, Stop);
        await using NetworkStream stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{LineContract.Greeting} {new string('0', 32)}\n"), Stop);
        string[] said = (await reader.ReadLineAsync(Stop))!.Split(' ');
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{said[1]} {LineContract.Calls}\n"), Stop);
        (await reader.ReadLineAsync(Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_to_the_servers_address_reaches_the_server_and_each_side_may_end_first()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var server = new ServerSide(machine);
        int port = await ConfigureAsync(machine);
        using var program = new TcpClient();
        await program.ConnectAsync(IPAddress.Loopback, port, Stop);
        using Socket far = await server.AcceptAsync();

        byte[] sent = new byte[3_000_000];
        Random.Shared.NextBytes(sent);
        Task sending = Task.Run(
            async () =>
            {
                await program.GetStream().WriteAsync(sent, Stop);
                program.Client.Shutdown(SocketShutdown.Send);
            },
            Stop);
        (await ReadAllAsync(far)).ShouldBe(sent, "every byte, and then the end");
        await sending;
        await far.SendAsync("answer after the question has ended"u8.ToArray(), Stop);
        far.Shutdown(SocketShutdown.Send);
        Encoding.ASCII.GetString(await ReadAllAsync(program.Client)).ShouldBe("answer after the question has ended");
    }

    [Fact]
    public async Task A_server_that_does_not_read_slows_the_program_instead_of_filling_memory()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var server = new ServerSide(machine);
        int port = await ConfigureAsync(machine);
        using var program = new TcpClient { SendTimeout = 0 };
        await program.ConnectAsync(IPAddress.Loopback, port, Stop);
        using Socket far = await server.AcceptAsync();

        const int most = 64 << 20;
        int written = 0;
        byte[] block = new byte[64 << 10];
        using var stuck = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        while (written < most)
        {
            stuck.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                written += await program.Client.SendAsync(block, stuck.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        written.ShouldBeLessThan(most, "only the kernel's buffers take what nobody reads");
    }

    [Fact]
    public async Task More_connections_than_there_are_places_wait_for_one()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var server = new ServerSide(machine);
        int port = await ConfigureAsync(machine);
        var programs = new List<TcpClient>();
        for (int number = 0; number <= LineContract.MostTunnels; number++)
        {
            programs.Add(new TcpClient());
            await programs[^1].ConnectAsync(IPAddress.Loopback, port, Stop);
        }

        var far = new List<Socket>();
        while (far.Count < LineContract.MostTunnels)
        {
            far.Add(await server.AcceptAsync());
        }

        server.HasMore.ShouldBeFalse("the last one waits in the machine");
        far[0].Dispose();
        programs.ForEach(program => program.Client.Shutdown(SocketShutdown.Send));
        far.Add(await server.AcceptAsync());
        programs.ForEach(program => program.Dispose());
        far.ForEach(socket => socket.Dispose());
    }

    private static async Task<int> ConfigureAsync(TestMachine machine)
    {
        int port = MachineTree.FreePort();
        await using var agent = await machine.ConnectAsync();
        var health = await agent.ConfigureAsync(
            MachineTree.Settings() with { Server = new ServerAccess($"https://localhost:{port}", "", Guid.NewGuid().ToString(), Guid.NewGuid().ToString()) }, Stop);
        health.Problems.ShouldBeEmpty();
        return port;
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 << 10];
        for (int count; (count = await socket.ReceiveAsync(buffer, Stop)) > 0;)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    private static async Task<HttpResponseMessage> AskAsync(TestMachine machine, string query, string secret)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{machine.Tree.IdentityPort}/MSI/auth{query}");
        request.Headers.Add("secret", secret);
        return await client.SendAsync(request, Stop);
    }

    /// <summary>The engine's side of the line, and a listener in the place of the server's public origin.</summary>
    private sealed class ServerSide : IMachineCalls, IAsyncDisposable
    {
        private readonly TcpListener _origin = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly MachineLine _line;
        private readonly Task<bool> _running;

        public ServerSide(TestMachine machine, MachineSecret? secret = null)
        {
            _origin.Start();
            var options = new MachineLineOptions((IPEndPoint)_origin.LocalEndpoint) { Port = machine.Lines.Port };
            _line = new MachineLine(
                Machine, IPAddress.Loopback, secret ?? machine.Secret, this, new TunnelFetch(options, TimeProvider.System), options, TimeProvider.System);
            _running = _line.RunAsync(_stop.Token);
        }

        public ConcurrentQueue<MachineCall> Calls { get; } = new();

        public bool HasMore => _origin.Pending();

        public Task<bool> OpenedAsync() => _running;

        public async Task<Socket> AcceptAsync() => await _origin.AcceptSocketAsync(Stop);

        public Task<MachineCallAnswer> AnswerAsync(Guid machineId, MachineCall call, CancellationToken cancellation)
        {
            machineId.ShouldBe(Machine);
            Calls.Enqueue(call);
            return Task.FromResult(new MachineCallAnswer(0, 200, """{"access_token":"t"}"""));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _line.Dispose();
            _origin.Dispose();
            _stop.Dispose();
        }
    }
}
