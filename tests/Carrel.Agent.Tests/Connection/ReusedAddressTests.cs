using System.Net;
using System.Net.Sockets;
using System.Text;
using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;
using Carrel.Engine.Agents;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Carrel.Agent.Tests.Connection;

/// <summary>
/// Addresses of machines are reused: somebody else may answer where the server looks for an agent. Whoever that is must learn nothing that is of use
/// anywhere, and must not be believed.
/// </summary>
public sealed class ReusedAddressTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static HttpAgentConnector Connector(int formerPort = 1, double deadlineSeconds = 20) => new(
        TimeProvider.System, new AgentConnectionOptions { ConnectDeadline = TimeSpan.FromSeconds(deadlineSeconds), FormerPort = formerPort });

    [Theory]
    [InlineData("the web server of an agent from before", "HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("a proof of nothing", "00000000000000000000000000000000 0000000000000000000000000000000000000000000000000000000000000000\n")]
    [InlineData("what was just heard", "ECHO\n")]
    [InlineData("that all is well", "ok\n")]
    [InlineData("an endless line", "LONG")]
    [InlineData("nothing", "")]
    public async Task Whoever_answers_without_the_secret_hears_a_random_value_and_nothing_more(string answer, string said)
    {
        var secret = MachineSecret.Create();
        await using var stranger = new Stranger(said);
        Exception refused = await Should.ThrowAsync<Exception>(() => Connector(deadlineSeconds: 0.1).ConnectAsync(stranger.Endpoint, secret, Stop), answer);

        (refused is AgentProtocolException or AgentUnreachableException).ShouldBeTrue(refused.ToString());
        string heard = await stranger.HeardAsync();
        heard.ShouldMatch($"^{LineContract.Greeting} [0-9a-f]{{32}}\n$", "the greeting and a random value, and no proof, since the stranger proved nothing");
        foreach (string purpose in new[] { "agent", "jupyter", "identity" })
            heard.ShouldNotContain(secret.Derive(purpose));
    }

    [Fact]
    public async Task Another_machines_agent_is_not_believed_and_gets_no_request()
    {
        // Busy, and ready to say so to everybody.
        await using var busy = await FakeServer.StartAsync(HttpProtocols.Http2);
        await using var lines = new LineFront(MachineSecret.Create(), busy.Address.Port);
        var refusal = await Should.ThrowAsync<AgentProtocolException>(() => Connector(busy.Address.Port).ConnectAsync(lines.Endpoint, MachineSecret.Create(), Stop));

        refusal.Code.ShouldBe("NotThisMachine");
        busy.Requests.ShouldBeEmpty("neither over the line nor at the port of former agents");
    }

    [Fact]
    public async Task Another_machine_that_plays_a_former_agent_gets_no_bearer()
    {
        await using var collector = await FakeServer.StartAsync(HttpProtocols.Http2);
        foreach (string said in new[] { "", "GOAWAY", "0 0\n", "ok\nok\n" })
        {
            await using var stranger = new Stranger(said);
            await Should.ThrowAsync<Exception>(() => Connector(collector.Address.Port, deadlineSeconds: 0.1).ConnectAsync(stranger.Endpoint, MachineSecret.Create(), Stop));
        }

        await using (var foreign = new LineFront(MachineSecret.Create(), collector.Address.Port, takesRequests: false))
            await Should.ThrowAsync<AgentProtocolException>(() => Connector(collector.Address.Port).ConnectAsync(foreign.Endpoint, MachineSecret.Create(), Stop));
        collector.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_introduction_that_was_heard_before_opens_nothing_when_it_is_repeated()
    {
        await using var machine = await TestMachine.StartAsync();
        using var recorder = new TcpListener(IPAddress.Loopback, 0);
        recorder.Start();
        Task<string[]> heard = RecordAsync(recorder, machine.Lines);
        await using (IAgent agent = await Connector().ConnectAsync(new AgentEndpoint("127.0.0.1", ((IPEndPoint)recorder.LocalEndpoint).Port), machine.Secret, Stop))
            (await heard).Length.ShouldBe(2);

        using var again = new TcpClient();
        await again.ConnectAsync(machine.Lines, Stop);
        foreach (string line in await heard)
            await again.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\n"), Stop);
        using var reader = new StreamReader(again.GetStream(), Encoding.ASCII);
        (await reader.ReadLineAsync(Stop)).ShouldNotBeNull("the agent proves itself to whoever greets");
        (await reader.ReadLineAsync(Stop)).ShouldBeNull("the proof was for another random value");
    }

    [Fact]
    public async Task A_former_agent_that_proves_whose_it_is_is_asked_as_it_wants_until_its_machine_starts_again()
    {
        var secret = MachineSecret.Create();
        await using var former = await FakeServer.StartAsync(HttpProtocols.Http2);
        former.Answers["/health"] = (200, """{"version":"0","uptimeSeconds":1,"bootId":"b","configured":true,"settingsVersion":1,"services":[],"problems":[]}""");
        await using var lines = new LineFront(secret, behind: 1, takesRequests: false);
        await using IAgent agent = await Connector(former.Address.Port).ConnectAsync(lines.Endpoint, secret, Stop);

        (await agent.HealthAsync(Stop)).Version.ShouldBe("0");
        former.Requests.Single().Authorization.ShouldBe($"Bearer {secret.Derive("agent")}");
    }

    [Fact]
    public async Task An_agent_that_takes_lines_for_requests_is_shown_no_bearer()
    {
        var secret = MachineSecret.Create();
        await using var present = await FakeServer.StartAsync(HttpProtocols.Http2);
        present.Answers["/health"] = (200, """{"version":"1","uptimeSeconds":1,"bootId":"b","configured":true,"settingsVersion":1,"services":[],"problems":[]}""");
        await using var lines = new LineFront(secret, present.Address.Port);
        await using IAgent agent = await Connector(present.Address.Port).ConnectAsync(lines.Endpoint, secret, Stop);

        await agent.HealthAsync(Stop);
        present.Requests.Single().Authorization.ShouldBeNull();
    }

    // Passes a line on and keeps what the server said while it introduced itself.
    private static async Task<string[]> RecordAsync(TcpListener recorder, IPEndPoint agent)
    {
        Socket server = await recorder.AcceptSocketAsync(Stop);
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await far.ConnectAsync(agent, Stop);
        var said = new List<string>();
        while (said.Count < 2)
        {
            string line = await LineAsync(server);
            said.Add(line);
            await far.SendAsync(Encoding.ASCII.GetBytes(line + "\n"), Stop);
            await server.SendAsync(Encoding.ASCII.GetBytes(await LineAsync(far) + "\n"), Stop);
        }

        _ = Splice.RunAsync(server, far, Stop);
        return [.. said];
    }

    private static async Task<string> LineAsync(Socket socket)
    {
        var text = new StringBuilder();
        byte[] one = new byte[1];
        while (await socket.ReceiveAsync(one, Stop) == 1 && one[0] != '\n')
            text.Append((char)one[0]);
        return text.ToString();
    }

    /// <summary>Answers the first words of whoever connects, and keeps all of them.</summary>
    private sealed class Stranger : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task<string> _first;

        internal Stranger(string said)
        {
            _listener.Start();
            _first = AnswerAsync(said);
        }

        internal AgentEndpoint Endpoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

        internal Task<string> HeardAsync() => _first;

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<string> AnswerAsync(string said)
        {
            using Socket socket = await _listener.AcceptSocketAsync(Stop);
            string greeting = await LineAsync(socket);
            string answer = said switch
            {
                "ECHO\n" => $"{greeting.Split(' ')[^1]} {greeting.Split(' ')[^1]}\n",
                "LONG" => new string('a', 64 << 10),
                _ => said,
            };
            await socket.SendAsync(Encoding.ASCII.GetBytes(answer), Stop);
            socket.Shutdown(SocketShutdown.Send);
            var rest = new StringBuilder(greeting + "\n");
            byte[] more = new byte[4096];
            try
            {
                for (int count; (count = await socket.ReceiveAsync(more, Stop)) > 0;)
                    rest.Append(Encoding.ASCII.GetString(more, 0, count));
            }
            catch (SocketException)
            {
                // The server hung up on what it did not read.
            }

            return rest.ToString();
        }
    }
}
