using Carrel.Hosts.Docker.Client;
using Carrel.Hosts.Docker.Networks;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Machines;

/// <summary>From a spec to the body that makes its container; pure.</summary>
internal static class MachineBody
{
    private const string Home = "/home/azureuser";
    private const string Share = $"{Home}/cloudfiles/code";
    private const long Gibibyte = 1L << 30;

    /// <summary>
    /// Rights of root inside the machine: what sudo, apt and sshd need. NET_RAW (forged packets), NET_ADMIN and MKNOD are not among them.
    /// </summary>
    private static readonly string[] Capabilities =
    [
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID", "SETPCAP", "SYS_CHROOT", "KILL", "NET_BIND_SERVICE", "AUDIT_WRITE",
    ];

    public static ContainerBody Of(
        MachineSpec machine, DockerHostOptions options, HostCapacity capacity, PlacedNetwork network, string address, MachineFolders folders)
    {
        var memory = Math.Min(machine.MemoryBytes, capacity.MemoryBytes);
        return new ContainerBody(
            options.Image,
            machine.InstanceName,
            ObjectLabels.OfContainer(options.Installation, machine),
            new ContainerHostConfiguration
            {
                NanoCpus = (long)(Math.Min(machine.Processors, capacity.Processors) * 1_000_000_000),
                Memory = memory,
                MemorySwap = memory, // the same: no swap
                PidsLimit = 4096,
                ShmSize = Math.Min(Gibibyte, memory / 2),
                NetworkMode = network.Name,
                RestartPolicy = new RestartPolicy("no"), // the server brings machines back, after the host rules stand
                CapDrop = ["ALL"],
                CapAdd = [.. Capabilities],
                SecurityOpt = machine.RootAccess ? [] : ["no-new-privileges"],
                LogConfig = new LogConfiguration("json-file", new() { ["max-size"] = "10m", ["max-file"] = "2" }),
                Mounts =
                [
                    new ContainerMount("volume", Home, ObjectNames.Volume(machine)),
                    new ContainerMount("bind", Share, machine.ShareFolder, ReadOnly: true),
                    new ContainerMount("bind", $"{Share}/Users/{machine.OwnerAlias}", folders.Own),
                    new ContainerMount("bind", $"{Share}/Logs/{machine.InstanceName}", folders.Logs),
                    new ContainerMount("bind", "/opt/carrel/agent", options.AgentFolder, ReadOnly: true),
                    new ContainerMount("tmpfs", "/mnt")
                    {
                        // Its pages count as the machine's memory, so it may take half of it. 01777, like /tmp.
                        TmpfsOptions = new TemporaryFileSystem(Math.Min(machine.TemporaryDiskBytes, memory / 2), 0x3FF),
                    },
                ],
                Init = false, // the image has its own first process
            },
            new ContainerNetworking(new() { [network.Name] = Endpoint.Pinned(address) }));
    }
}

/// <summary>Folders of the share that the machine writes, on the host.</summary>
/// <param name="Own">The owner's folder below <c>Users</c>.</param>
/// <param name="Logs">The instance's folder below <c>Logs</c>.</param>
internal sealed record MachineFolders(string Own, string Logs);
