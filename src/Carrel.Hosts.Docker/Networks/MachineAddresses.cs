using Carrel.Hosts.Docker.Client;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Networks;

/// <summary>
/// The address of each machine is pinned in its container's own configuration, so that no other machine gets it while this one exists,
/// running or not: the gateway and the agent's connection go by it.
/// </summary>
internal sealed class MachineAddresses(DockerClient client, DockerHostOptions options) : IDisposable
{
    private readonly SemaphoreSlim _choosing = new(1, 1);
    private readonly HashSet<string> _reserved = [];

    public void Dispose() => _choosing.Dispose();

    public static string? Pinned(ContainerSummary container) => Pinned(container.NetworkSettings);

    public static string? Pinned(ContainerNetworks? networks) =>
        networks?.Networks?.Values.Select(endpoint => endpoint.IPAMConfig?.IPv4Address).FirstOrDefault(address => !string.IsNullOrEmpty(address));

    /// <summary>Chooses a free address and keeps it from others until released; by then the container that carries it must exist.</summary>
    /// <param name="network">Where.</param>
    /// <param name="refused">Addresses the engine said no to.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<string> ReserveAsync(PlacedNetwork network, IEnumerable<string> refused, CancellationToken cancellation)
    {
        await _choosing.WaitAsync(cancellation);
        try
        {
            // Before the list: a reservation that ends while the list is read belongs to a container that the list may not show yet.
            var taken = new HashSet<string>(Snapshot());
            taken.UnionWith(refused);
            var machines = await client.ListContainersAsync([(ObjectLabels.Installation, options.Installation.ToString())], cancellation);
            taken.UnionWith(machines.Select(Pinned).OfType<string>());
            var address = SubnetPool.FreeAddress(network.Subnet, taken)
                ?? throw new HostRefusedException(
                    "NetworkFull", $"The network {network.Name} ({network.Subnet}) has no free address. Delete instances that are not needed.");
            lock (_reserved)
                _reserved.Add(address);
            return address;
        }
        finally
        {
            _choosing.Release();
        }
    }

    public void Release(string address)
    {
        lock (_reserved)
            _reserved.Remove(address);
    }

    private string[] Snapshot()
    {
        lock (_reserved)
            return [.. _reserved];
    }
}
