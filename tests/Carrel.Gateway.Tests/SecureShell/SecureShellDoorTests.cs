using System.Net;
using System.Net.Sockets;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Gateway.Instances;
using Carrel.Gateway.SecureShell;
using Carrel.Gateway.Tests.Support;

namespace Carrel.Gateway.Tests.SecureShell;

/// <summary>Ports that lead to machines; a listener that sends everything back stands for the machine's secure shell server.</summary>
public sealed class SecureShellDoorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpListener _machine = new(IPAddress.Loopback, 0);
    private GatewayHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _machine.Start();
        _ = EchoAsync();
        _host = await GatewayHost.StartAsync();
        _host.SecureShell.Machine = (IPEndPoint)_machine.LocalEndpoint;
    }

    public async ValueTask DisposeAsync()
    {
        _machine.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Bytes_go_both_ways_and_the_end_of_one_way_is_passed_on()
    {
        SecureShellRoute route = Open("ann", _host.Ann.ObjectId);
        using Socket client = await DialAsync(route.Port);
        await SayAsync(client, "SSH-2.0-client");
        client.Shutdown(SocketShutdown.Send);
        (await client.ReceiveAsync(new byte[1], Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task The_port_closes_with_the_machine()
    {
        SecureShellRoute route = Open("ann", _host.Ann.ObjectId);
        (await DialAsync(route.Port)).Dispose();
        _host.SecureShell.Remove(route.Instance.Uid);
        await UntilAsync(async () => !await AnswersAsync(route.Port));
    }

    [Fact]
    public async Task A_client_that_comes_before_the_machine_waits_for_it()
    {
        _host.SecureShell.Machine = null;
        SecureShellRoute route = Open("ann", _host.Ann.ObjectId);
        using Socket client = await DialAsync(route.Port);
        await client.SendAsync("hello"u8.ToArray(), Cancellation);
        _host.SecureShell.Machine = (IPEndPoint)_machine.LocalEndpoint;
        byte[] heard = new byte[5];
        (await client.ReceiveAsync(heard, Cancellation).AsTask().WaitAsync(Patience, Cancellation)).ShouldBe(5);
        heard.ShouldBe("hello"u8.ToArray());
    }

    [Fact]
    public async Task What_is_open_ends_when_the_owner_is_disabled_and_nothing_new_is_let_in()
    {
        SecureShellRoute route = Open("ann", _host.Ann.ObjectId);
        SecureShellRoute other = Open("bob", _host.Bob.ObjectId);
        using Socket client = await DialAsync(route.Port);
        await SayAsync(client, "hello");
        using Socket stays = await DialAsync(other.Port);
        await SayAsync(stays, "hello");

        await _host.Get<IDirectoryStore>().UpdatePrincipalAsync(_host.Ann.ObjectId, new PrincipalChange { Enabled = false }, Cancellation);
        _host.Get<IEnumerable<IOpenConnections>>().Sum(open => open.CloseUser(_host.Ann.ObjectId)).ShouldBe(1);

        await ShouldBeClosedAsync(client);
        using Socket late = await DialAsync(route.Port);
        await ShouldBeClosedAsync(late);
        await SayAsync(stays, "still here");
    }

    [Fact]
    public async Task An_owner_without_the_role_is_not_let_in()
    {
        var stranger = Guid.NewGuid();
        (await _host.Get<IDirectoryStore>().TryAddUserAsync(new DirectoryUser(stranger, "eve@carrel.local", "Eve", "", DateTimeOffset.UtcNow), Cancellation)).ShouldBeTrue();
        SecureShellRoute route = Open("eve", stranger);
        using Socket client = await DialAsync(route.Port);
        await ShouldBeClosedAsync(client);
        await _host.GiveAsync(stranger, "AzureML Data Scientist");
        using Socket again = await DialAsync(route.Port);
        await SayAsync(again, "hello");
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_exchanged()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int busy = ((IPEndPoint)taken.LocalEndpoint).Port;
        int free = GatewayHost.FreePort();
        _host.SecureShell.NextPort = free;
        SecureShellRoute route = Route("ann", _host.Ann.ObjectId) with { Port = busy };
        _host.SecureShell.Set(route);

        using Socket client = await DialAsync(free);
        await SayAsync(client, "hello");
        _host.SecureShell.Refused.ShouldBe([busy]);
    }

    [Fact]
    public async Task So_many_connections_and_no_more_are_open_from_one_address_and_another_one_has_its_own()
    {
        SecureShellRoute route = Open("ann", _host.Ann.ObjectId);
        var clients = new List<Socket>();
        for (int i = 0; i < SecureShellVisit.MostFromOneAddress; i++)
        {
            clients.Add(await DialAsync(route.Port));
            await SayAsync(clients[i], "x");
        }

        using Socket beyond = await DialAsync(route.Port);
        await ShouldBeClosedAsync(beyond);
        await SayAsync(clients[0], "still here");
        using Socket elsewhere = await DialAsync(route.Port, IPAddress.Parse("127.0.0.2"));
        await SayAsync(elsewhere, "the owner");
        clients.ForEach(client => client.Dispose());
        await UntilAsync(async () =>
        {
            using Socket again = await DialAsync(route.Port);
            return await IsServedAsync(again);
        });
    }

    private SecureShellRoute Open(string name, Guid owner)
    {
        SecureShellRoute route = Route(name, owner);
        _host.SecureShell.Set(route);
        return route;
    }

    private SecureShellRoute Route(string name, Guid owner)
    {
        InstanceRoute instance = _host.AddInstance(name, owner);
        return new SecureShellRoute(instance, GatewayHost.FreePort());
    }

    private async Task EchoAsync()
    {
        try
        {
            while (true)
            {
                Socket visitor = await _machine.AcceptSocketAsync();
                _ = Task.Run(async () =>
                {
                    using (visitor)
                    using (var stream = new NetworkStream(visitor))
                        await stream.CopyToAsync(stream);
                });
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    // A door opens a moment after its route is known.
    private static async Task<Socket> DialAsync(int port, IPAddress? from = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
                await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return socket;
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                socket.Dispose();
                await Task.Delay(20, patience.Token);
            }
        }
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task SayAsync(Socket client, string text)
    {
        byte[] sent = System.Text.Encoding.ASCII.GetBytes(text);
        await client.SendAsync(sent, Cancellation);
        byte[] heard = new byte[sent.Length];
        for (int count = 0; count < heard.Length;)
        {
            int read = await client.ReceiveAsync(heard.AsMemory(count), Cancellation).AsTask().WaitAsync(Patience, Cancellation);
            read.ShouldBePositive("the connection was closed");
            count += read;
        }

        heard.ShouldBe(sent);
    }

    private static async Task<bool> IsServedAsync(Socket client)
    {
        try
        {
            await client.SendAsync("x"u8.ToArray(), Cancellation);
            return await client.ReceiveAsync(new byte[1], Cancellation).AsTask().WaitAsync(Patience, Cancellation) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task ShouldBeClosedAsync(Socket client)
    {
        try
        {
            (await client.ReceiveAsync(new byte[1], Cancellation).AsTask().WaitAsync(Patience, Cancellation)).ShouldBe(0);
        }
        catch (SocketException reset)
        {
            reset.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
            await Task.Delay(20, patience.Token);
    }
}
