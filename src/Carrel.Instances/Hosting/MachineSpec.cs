namespace Carrel.Instances.Hosting;

/// <summary>What a host has to give.</summary>
/// <param name="Processors">Logical processors.</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
public sealed record HostCapacity(double Processors, long MemoryBytes);

/// <summary>An isolated network: one per workspace (or per subnet, contract 14).</summary>
/// <param name="Id">Identity of the network, stable over its life.</param>
/// <param name="Name">Readable name for the operator, part of the object's name on the host: letters, digits and hyphens.</param>
public sealed record NetworkSpec(Guid Id, string Name);

/// <summary>Everything a host needs to make one machine.</summary>
/// <param name="Id">Identity of the machine: the instance's unique id, never reused.</param>
/// <param name="InstanceName">The compute instance's name (contract 1.3); part of the object's name and the machine's host name.</param>
/// <param name="WorkspaceName">The workspace's name, for labels that operators read.</param>
/// <param name="Network">The network it is attached to.</param>
/// <param name="Processors">Processors of the VM size; the host gives at most what it has.</param>
/// <param name="MemoryBytes">Memory of the VM size in bytes; the host gives at most what it has.</param>
/// <param name="TemporaryDiskBytes">Temporary disk of the VM size in bytes, mounted on <c>/mnt</c> and lost at stop; at most half the memory.</param>
/// <param name="ShareFolder">Absolute path on the host of the workspace's file share; every machine of the workspace reads it.</param>
/// <param name="OwnerAlias">The owner's folder name below <c>Users/</c> of the share (contract 12.1); this machine may write it.</param>
/// <param name="RootAccess">False takes password-less sudo away (contract 14).</param>
/// <param name="Secret">The machine's secret: 64 lower-case hexadecimal characters. It goes into a file of root inside the machine and nowhere else.</param>
public sealed record MachineSpec(
    Guid Id,
    string InstanceName,
    string WorkspaceName,
    NetworkSpec Network,
    double Processors,
    long MemoryBytes,
    long TemporaryDiskBytes,
    string ShareFolder,
    string OwnerAlias,
    bool RootAccess,
    string Secret)
{
    /// <summary>The same without the secret, so that a log line can never carry it.</summary>
    public override string ToString() => $"machine {Id} ({WorkspaceName}/{InstanceName})";
}

/// <summary>What a machine is doing, as its host sees it.</summary>
public enum MachinePhase
{
    /// <summary>Something of it exists, but it was never completely made.</summary>
    Incomplete,

    /// <summary>Made, never started.</summary>
    Made,

    /// <summary>Running.</summary>
    Running,

    /// <summary>Ran once and does not run now.</summary>
    Stopped,
}

/// <summary>A machine as its host sees it now.</summary>
/// <param name="Id">Identity of the machine.</param>
/// <param name="Phase">What it is doing.</param>
/// <param name="Address">Address (IPv4) at which the server reaches it while it runs, else null.</param>
/// <param name="ImageVersion">Version label of the image it was made from, such as <c>26.11.21</c>, or null.</param>
/// <param name="EndedWithEngine">
/// True when it stopped because the engine or the whole host went down, and not by itself: such a machine is brought back (design, durable operations).
/// </param>
/// <param name="ExitReason">Why it does not run, in a sentence for the user, or null.</param>
public sealed record MachineStatus(
    Guid Id, MachinePhase Phase, string? Address, string? ImageVersion, bool EndedWithEngine = false, string? ExitReason = null);

/// <summary>What happened to a machine.</summary>
public enum MachineEventKind
{
    /// <summary>It started.</summary>
    Started,

    /// <summary>Its first process ended, asked for or not.</summary>
    Ended,

    /// <summary>It was removed.</summary>
    Removed,
}

/// <summary>One happening on a host.</summary>
/// <param name="MachineId">The machine.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, by the host's clock.</param>
/// <param name="Detail">Exit code or reason, for the user, or null.</param>
public sealed record MachineEvent(Guid MachineId, MachineEventKind Kind, DateTimeOffset At, string? Detail);
