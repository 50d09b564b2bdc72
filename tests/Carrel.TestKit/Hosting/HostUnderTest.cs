using Carrel.Instances.Hosting;

namespace Carrel.TestKit.Hosting;

/// <summary>One installation on a host, and what a test must do behind the contract's back.</summary>
public abstract class HostUnderTest
{
    /// <summary>The host.</summary>
    public abstract IInstanceHost Host { get; }

    /// <summary>A folder on the host that may serve as a workspace's share.</summary>
    public abstract string ShareFolder { get; }

    /// <summary>Leaves what a crash leaves after the first lasting step of making a machine: its disk.</summary>
    public abstract Task LeaveDiskOnlyAsync(MachineSpec machine);

    /// <summary>Leaves what a crash leaves just before the last step of making a machine: all but its secret.</summary>
    public abstract Task LeaveWithoutSecretAsync(MachineSpec machine);

    /// <summary>Writes a file on the private disk of a running machine.</summary>
    public abstract Task WriteHomeAsync(Guid machineId, string name, string content);

    /// <summary>Reads a file from the private disk of a running machine; null when it is not there.</summary>
    public abstract Task<string?> ReadHomeAsync(Guid machineId, string name);

    /// <summary>Everything that people with a right to look at the host, but not into machines, can see of a machine.</summary>
    public abstract Task<string> DescribeAsync(Guid machineId);

    /// <summary>A spec of a small machine for this host.</summary>
    public MachineSpec Spec(NetworkSpec network, string name = "desk") => new(
        Guid.NewGuid(),
        name,
        "reading-room",
        network,
        Processors: 1,
        MemoryBytes: 64L << 20,
        TemporaryDiskBytes: 8L << 20,
        ShareFolder,
        OwnerAlias: "ada",
        RootAccess: true,
        Secret: Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));

    /// <summary>A network of its own.</summary>
    public static NetworkSpec Network(string name = "reading-room") => new(Guid.NewGuid(), name);
}
