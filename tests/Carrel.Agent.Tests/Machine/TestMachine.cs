using System.Net;
using System.Net.Sockets;
using System.Text;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;
using Carrel.Engine.Agents;

namespace Carrel.Agent.Tests.Machine;

/// <summary>A running agent on a temporary tree, beside a fake Jupyter.</summary>
public sealed class TestMachine : IAsyncDisposable
{
    private RunningAgent? _agent;

    private TestMachine(FakeServer jupyter) => Jupyter = jupyter;

    public MachineTree Tree { get; } = new();

    public FakeServer Jupyter { get; }

    public MachineSecret Secret { get; } = MachineSecret.Create();

    public IPEndPoint Lines => _agent!.EndPoint;

    public AgentEndpoint Endpoint => new(Lines.Address.ToString(), Lines.Port);

    public static async Task<TestMachine> StartAsync(Action<MachineTree>? prepare = null)
    {
        var machine = new TestMachine(await FakeServer.JupyterAsync());
        prepare?.Invoke(machine.Tree);
        await machine.BootAsync();
        return machine;
    }

    public async Task BootAsync(int port = 0)
    {
        var options = Tree.Options(Jupyter.Address);
        _agent = await RunningAgent.StartAsync(options with { LineListen = new IPEndPoint(IPAddress.Loopback, port) }, Secret, TimeProvider.System);
    }

    public async Task HaltAsync()
    {
        await _agent!.DisposeAsync();
        _agent = null;
    }

    public Task<IAgent> ConnectAsync() => new HttpAgentConnector(TimeProvider.System, new AgentConnectionOptions())
        .ConnectAsync(Endpoint, Secret, TestContext.Current.CancellationToken);

    /// <summary>Sends requests that the server would not send, over lines of its own.</summary>
    public HttpClient Client()
    {
        IPEndPoint lines = Lines;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var client = new TcpClient();
                await client.ConnectAsync(lines, cancellation);
                (await LineHandshake.AsServerAsync(client.GetStream(), Secret, LineContract.Requests, cancellation)).ShouldBe(LineReception.Accepted);
                return client.GetStream();
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri("http://agent/"), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        await Jupyter.DisposeAsync();
        Tree.Dispose();
    }
}
