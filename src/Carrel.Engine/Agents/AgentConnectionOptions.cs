using Carrel.AgentProtocol;

namespace Carrel.Engine.Agents;

/// <summary>Times of the connection to a machine, and where else its agent may be.</summary>
public sealed record AgentConnectionOptions
{
    /// <summary>How long a booting machine is tried before it counts as unreachable.</summary>
    public TimeSpan ConnectDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause between two tries.</summary>
    public TimeSpan ConnectPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest single try.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest single request, a readiness wait not counted.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Pause between two signs of life on an idle connection.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Port of agents from before there were lines for requests.</summary>
    public int FormerPort { get; init; } = AgentContract.FormerPort;
}
