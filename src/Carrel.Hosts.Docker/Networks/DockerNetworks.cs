using System.Net;
using Carrel.Hosts.Docker.Client;
using Carrel.Instances.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Hosts.Docker.Networks;

/// <summary>One bridge per network id, with a /24 of its own.</summary>
internal sealed class DockerNetworks(DockerClient client, DockerHostOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private const int AttemptsToFind = 50;
    private static readonly TimeSpan PauseToFind = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Networks are made one after the other. Another process of the same installation, or a request that outlived its server, is stopped
    /// by the engine itself: two networks cannot have the same bridge interface, whose name follows from the network's id.
    /// </summary>
    private readonly SemaphoreSlim _making = new(1, 1);

    public void Dispose() => _making.Dispose();

    public async Task<PlacedNetwork> EnsureAsync(NetworkSpec network, CancellationToken cancellation)
    {
        if (await FindAsync(network.Id, cancellation) is { } existing)
            return existing;
        await _making.WaitAsync(cancellation);
        try
        {
            return await FindAsync(network.Id, cancellation) ?? await MakeAsync(network, cancellation);
        }
        finally
        {
            _making.Release();
        }
    }

    public async Task<PlacedNetwork?> FindAsync(Guid networkId, CancellationToken cancellation)
    {
        var found = await client.ListNetworksAsync([Ours, (ObjectLabels.Network, networkId.ToString())], cancellation);
        return found.Select(Place).FirstOrDefault(placed => placed is not null);
    }

    public async Task<IReadOnlyList<Guid>> ListAsync(CancellationToken cancellation) =>
        [.. (await client.ListNetworksAsync([Ours], cancellation))
            .Select(network => ObjectLabels.Id(network.Labels, ObjectLabels.Network)).OfType<Guid>().Distinct()];

    public async Task DeleteAsync(Guid networkId, CancellationToken cancellation)
    {
        var labels = new[] { Ours, (ObjectLabels.Network, networkId.ToString()) };

        // The engine counts only running machines as users of a network; a stopped one would never start again without it.
        if ((await client.ListContainersAsync(labels, cancellation)).Count > 0)
            return;
        foreach (var network in await client.ListNetworksAsync(labels, cancellation))
            await client.DeleteNetworkAsync(network.Id, cancellation);
    }

    public async Task PurgeAsync(CancellationToken cancellation)
    {
        foreach (var network in await client.ListNetworksAsync([Ours], cancellation))
        {
            if (!await client.DeleteNetworkAsync(network.Id, cancellation))
                logger.NetworkInUse(network.Name);
        }
    }

    private (string Label, string Value) Ours => (ObjectLabels.Installation, options.Installation.ToString());

    private async Task<PlacedNetwork> MakeAsync(NetworkSpec network, CancellationToken cancellation)
    {
        var all = await client.ListNetworksAsync([], cancellation);
        var taken = all.SelectMany(other => other.IPAM?.Config ?? []).Select(range => range.Subnet)
            .Where(subnet => IPNetwork.TryParse(subnet, out _)).Select(subnet => IPNetwork.Parse(subnet!))
            .Concat(HostRoutes.Read()).ToList();
        var former = await FormerSubnetAsync(network.Id, cancellation);
        var candidates = SubnetPool.Candidates(options.AddressPool, taken, options.Installation);
        foreach (var subnet in former is { } known ? candidates.Prepend(known) : candidates)
        {
            var answer = await client.CreateNetworkAsync(Body(network, subnet), cancellation);
            if (answer.Ok)
            {
                logger.NetworkMade(network.Name, subnet);
                return new PlacedNetwork(ObjectNames.Network(network), subnet);
            }

            // Somebody was faster with the same network: 409 by its name, 403 by its bridge.
            if (await FindSoonAsync(network.Id, answer, cancellation) is { } existing)
                return existing;
            if (!answer.Message.Contains("overlap", StringComparison.OrdinalIgnoreCase))
                answer.ThrowIfFailed();
            logger.SubnetInUse(subnet, answer.Message);
        }

        throw new HostRefusedException(
            "AddressPoolExhausted", $"No /24 of the address pool {options.AddressPool} is free. Give Carrel a larger pool or remove unused networks.");
    }

    /// <summary>The engine holds the bridge of a network that it is still making a moment before it lists the network.</summary>
    private async Task<PlacedNetwork?> FindSoonAsync(Guid networkId, EngineAnswer refusal, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var existing = await FindAsync(networkId, cancellation);
            if (existing is not null || attempt == AttemptsToFind || !refusal.Message.Contains("same bridge name", StringComparison.Ordinal))
                return existing;
            await Task.Delay(PauseToFind, time, cancellation);
        }
    }

    /// <summary>
    /// Where stopped machines of the network expect it: an operator's <c>docker network prune</c> takes networks whose machines all stand
    /// still, and their pinned addresses are valid in the same /24 only.
    /// </summary>
    private async Task<IPNetwork?> FormerSubnetAsync(Guid networkId, CancellationToken cancellation)
    {
        var machines = await client.ListContainersAsync([Ours, (ObjectLabels.Network, networkId.ToString())], cancellation);
        var address = machines.Select(MachineAddresses.Pinned).FirstOrDefault(pinned => pinned is not null);
        return address is null ? null : SubnetPool.SubnetOf(IPAddress.Parse(address));
    }

    private NetworkBody Body(NetworkSpec network, IPNetwork subnet) => new(
        ObjectNames.Network(network),
        ObjectLabels.Of(options.Installation, network),
        new Dictionary<string, string>
        {
            ["com.docker.network.bridge.name"] = ObjectNames.Bridge(options, network.Id),
            ["com.docker.network.bridge.enable_icc"] = "false",
        },
        new AddressManagement([new AddressRange(subnet.ToString(), SubnetPool.Gateway(subnet))]));

    private static PlacedNetwork? Place(NetworkDetails network) =>
        network.IPAM?.Config is [{ Subnet: { } subnet }, ..] ? new PlacedNetwork(network.Name, IPNetwork.Parse(subnet)) : null;
}

/// <summary>A network as it stands on the engine.</summary>
/// <param name="Name">Its name, by which containers refer to it: it stays the same when the network has to be made anew.</param>
/// <param name="Subnet">Its /24.</param>
internal sealed record PlacedNetwork(string Name, IPNetwork Subnet);
