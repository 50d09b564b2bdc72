using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Carrel.AgentProtocol;
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

    public Uri Address => _agent!.Address;

    public AgentEndpoint Endpoint => new(Address.Host, Address.Port);

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
        _agent = await RunningAgent.StartAsync(options with { Listen = new IPEndPoint(IPAddress.Loopback, port) }, Secret, TimeProvider.System);
    }

    public async Task HaltAsync()
    {
        await _agent!.DisposeAsync();
        _agent = null;
    }

    public Task<IAgent> ConnectAsync() => new HttpAgentConnector(TimeProvider.System, new AgentConnectionOptions())
        .ConnectAsync(Endpoint, Secret, TestContext.Current.CancellationToken);

    public HttpClient Client(string? bearer = null)
    {
        var client = new HttpClient { BaseAddress = Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer ?? Secret.Derive("agent"));
        return client;
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
