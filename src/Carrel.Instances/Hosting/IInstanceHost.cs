namespace Carrel.Instances.Hosting;

/// <summary>
/// A place that runs machines: a Docker engine, a Kubernetes cluster. The verb set is small on purpose; everything inside a machine goes
/// through its agent, so that every host behaves the same. Every verb is idempotent: the engine repeats it after a crash, and a host finds
/// its objects by label, never by an id that somebody remembered.
/// </summary>
/// <remarks>Implementations pass the contract kit in <c>tests/Carrel.TestKit/Hosting</c>. They are safe for concurrent use.</remarks>
public interface IInstanceHost
{
    /// <summary>Processors and memory the host has for machines.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task<HostCapacity> CapacityAsync(CancellationToken cancellation);

    /// <summary>Version label of the image that the next new machine is made from; null when the image is not there or has none.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task<string?> LatestImageVersionAsync(CancellationToken cancellation);

    /// <summary>Makes sure that the network exists, isolated from siblings, other networks and the host. Repeating it is free.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task EnsureNetworkAsync(NetworkSpec network, CancellationToken cancellation);

    /// <summary>Removes a network and what guards it; nothing happens when it is gone already or when machines still use it.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task DeleteNetworkAsync(Guid networkId, CancellationToken cancellation);

    /// <summary>
    /// Makes sure that the machine exists with its private disk, its mounts and its secret, and is not half made. It does not start it.
    /// An existing machine is left as it is; one that a crash left unfinished is finished or made anew.
    /// </summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    /// <exception cref="HostRefusedException">The host cannot make it: no such image, no room.</exception>
    Task<MachineStatus> EnsureMachineAsync(MachineSpec machine, CancellationToken cancellation);

    /// <summary>Starts the machine; nothing happens when it runs already.</summary>
    /// <returns>The status with the address the machine is reached at.</returns>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    /// <exception cref="HostRefusedException">The machine does not exist or cannot start.</exception>
    Task<MachineStatus> StartMachineAsync(Guid machineId, CancellationToken cancellation);

    /// <summary>Stops the machine, killing what is left after <paramref name="grace"/>; nothing happens when it is stopped or gone.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task StopMachineAsync(Guid machineId, TimeSpan grace, CancellationToken cancellation);

    /// <summary>Removes the machine and its private disk, running or not; nothing happens when they are gone.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task DeleteMachineAsync(Guid machineId, CancellationToken cancellation);

    /// <summary>The machine as it is now, or null when there is none.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task<MachineStatus?> InspectMachineAsync(Guid machineId, CancellationToken cancellation);

    /// <summary>Every machine of this installation the host has, half-made ones and disks without a machine included.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task<IReadOnlyList<MachineStatus>> ListMachinesAsync(CancellationToken cancellation);

    /// <summary>The ids of every network of this installation.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task<IReadOnlyList<Guid>> ListNetworksAsync(CancellationToken cancellation);

    /// <summary>
    /// What happens to machines from now on, until cancelled. The sequence ends with <see cref="HostUnavailableException"/> when the host is
    /// lost; the caller lists again and watches anew, because events in between are not repeated.
    /// </summary>
    IAsyncEnumerable<MachineEvent> WatchAsync(CancellationToken cancellation);

    /// <summary>Removes every object and rule of this installation from the host, and nothing else.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    Task PurgeAsync(CancellationToken cancellation);
}
