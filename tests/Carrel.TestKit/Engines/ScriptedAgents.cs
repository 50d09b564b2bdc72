using System.Collections.Concurrent;
using Carrel.AgentProtocol;
using Carrel.Engine.Agents;

namespace Carrel.TestKit.Engines;

/// <summary>The agents of all machines; a test says how they behave.</summary>
public sealed class ScriptedAgents : IAgentConnector
{
    private volatile bool _reachable = true;
    private volatile bool _ready = true;

    /// <summary>False plays agents that do not answer.</summary>
    public bool Reachable { get => _reachable; set => _reachable = value; }

    /// <summary>False plays a Jupyter that never comes up.</summary>
    public bool Ready { get => _ready; set => _ready = value; }

    /// <summary>True plays machines that came up in rescue mode, with 12 MiB free.</summary>
    public bool Rescue { get; set; }

    /// <summary>Called before each connection; wait in it to hold an operation there.</summary>
    public Func<CancellationToken, Task>? BeforeConnect { get; set; }

    /// <summary>What the next sample of a machine shows; a test changes it.</summary>
    public Func<AgentEndpoint, MachineActivity> Activity { get; set; } = _ => new MachineActivity(DateTimeOffset.UnixEpoch, true, null, [], [], 0);

    /// <summary>Connections of VS Code that were ended, in order.</summary>
    public ConcurrentQueue<string> EndedEditors { get; } = new();

    /// <summary>Every notice that was shown in a terminal, in order.</summary>
    public ConcurrentQueue<string> Notices { get; } = new();

    /// <summary>Every settings that were applied, in order.</summary>
    public ConcurrentQueue<MachineSettings> Applied { get; } = new();

    /// <inheritdoc/>
    public async Task<IAgent> ConnectAsync(AgentEndpoint endpoint, MachineSecret secret, CancellationToken cancellation)
    {
        if (BeforeConnect is { } before)
            await before(cancellation);
        return Reachable ? new Agent(this, endpoint) : throw new AgentUnreachableException($"Nobody answers at {endpoint}.");
    }

    private sealed class Agent(ScriptedAgents script, AgentEndpoint endpoint) : IAgent
    {
        public AgentEndpoint Endpoint => endpoint;

        public bool IsConnected => script.Reachable;

        public Task<AgentHealth> HealthAsync(CancellationToken cancellation) => Answer(new AgentHealth("1", 1, "boot", true, 1, [], [])
        {
            Rescue = script.Rescue,
            FreeBytes = script.Rescue ? 12 * 1024 * 1024 : 1L << 40,
        });

        public async Task<AgentHealth> ConfigureAsync(MachineSettings settings, CancellationToken cancellation)
        {
            AgentHealth health = await HealthAsync(cancellation);
            script.Applied.Enqueue(settings);
            return health;
        }

        public Task<MachineActivity> ActivityAsync(CancellationToken cancellation) => Answer(script.Activity(endpoint));

        public async Task<AgentHealth> EndEditorAsync(string id, CancellationToken cancellation)
        {
            AgentHealth health = await HealthAsync(cancellation);
            script.EndedEditors.Enqueue(id);
            return health;
        }

        public Task<AgentHealth> SwitchServiceAsync(string service, bool up, CancellationToken cancellation) => HealthAsync(cancellation);

        public async Task<int> NotifyAsync(string text, CancellationToken cancellation)
        {
            int terminals = await Answer(1);
            script.Notices.Enqueue(text);
            return terminals;
        }

        public Task<Readiness> WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellation) =>
            Answer(script.Ready ? new Readiness(true, null) : new Readiness(false, "Jupyter does not listen."));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Task<T> Answer<T>(T answer) => script.Reachable
            ? Task.FromResult(answer)
            : Task.FromException<T>(new AgentUnreachableException($"The connection to {endpoint} is lost."));
    }
}
