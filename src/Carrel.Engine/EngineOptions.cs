using Carrel.Engine.Idle;
using Carrel.Engine.Notices;
using Carrel.Instances.Hosting;
using Carrel.Instances.Ssh;

namespace Carrel.Engine;

/// <summary>Settings of the engine.</summary>
public sealed record EngineOptions
{
    /// <summary>Folder below which each workspace's file share lies, one folder a workspace.</summary>
    public required string SharesFolder { get; init; }

    /// <summary>How long a worker holds an operation without renewing.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an operation goes on trying while its host does not answer.</summary>
    public TimeSpan HostDeadline { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long after its acceptance an operation that meets faults of ours is tried again before it fails.</summary>
    public TimeSpan FaultDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long applications may take to answer after the machine has started.</summary>
    public TimeSpan ApplicationDeadline { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How often the reconciler compares what is asked with what the host has.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often each running machine's agent is asked whether it lives.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After how many silent heartbeats an instance is Unknown (contract 1.4, 4.3).</summary>
    public int SilentHeartbeats { get; init; } = 3;

    /// <summary>How long ended operations stay readable (contract 1.6).</summary>
    public TimeSpan KeepOperations { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How idleness is looked for.</summary>
    public IdleOptions Idle { get; init; } = new();

    /// <summary>What happens when a size asks for more than the host has.</summary>
    public CapacityPolicy Capacity { get; init; } = CapacityPolicy.Overcommit;

    /// <summary>With fewer free bytes on its disk a machine comes up in rescue mode (contract 1.4); 0 means never.</summary>
    public long RescueBelowBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Ports of the server that lead to instances by SSH.</summary>
    public SshPortPool SshPorts { get; init; } = SshPortPool.Default;

    /// <summary>Host name of the public origin; where it leads is shown as the public address of instances (contract 1.2). Null shows none.</summary>
    public string? PublicHost { get; init; }

    /// <summary>How stops are announced.</summary>
    public NoticeOptions Notices { get; init; } = new();

    /// <summary>True when no other server can hold leases: what is leased at start belongs to a dead process.</summary>
    public bool OnlyServer { get; init; } = true;
}
