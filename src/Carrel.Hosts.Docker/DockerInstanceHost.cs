using System.Runtime.CompilerServices;
using Carrel.Hosts.Docker.Client;
using Carrel.Hosts.Docker.Daemon;
using Carrel.Hosts.Docker.Firewall;
using Carrel.Hosts.Docker.Machines;
using Carrel.Hosts.Docker.Networks;
using Carrel.Instances.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Hosts.Docker;

/// <summary>
/// A Docker engine (API 1.41 or later) on this machine. Every object it makes carries the label <c>carrel.installation</c>; it never
/// touches one without. It must run as root, because isolation needs rules in the host's packet filter.
/// </summary>
public sealed class DockerInstanceHost : IInstanceHost, IHostRules, IDisposable
{
    private readonly DockerHostOptions _options;
    private readonly TimeProvider _time;
    private readonly DockerClient _client;
    private readonly DockerNetworks _networks;
    private readonly MachineAddresses _addresses;

    /// <summary>Makes the host; nothing is called yet.</summary>
    /// <param name="options">What it needs to know.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="logger">Where repairs are told.</param>
    /// <exception cref="HostRefusedException">The engine's address is not a socket of this machine.</exception>
    public DockerInstanceHost(DockerHostOptions options, TimeProvider time, ILogger<DockerInstanceHost> logger)
    {
        _options = options;
        _time = time;
        _client = new DockerClient(DockerSocket.From(options.Endpoint));
        _networks = new DockerNetworks(_client, options, time, logger);
        _addresses = new MachineAddresses(_client, options);
        Rules = new HostRules(options, logger);
        Machines = new DockerMachines(_client, options, _networks, _addresses, new DaemonStart(_client.Socket, time), logger);
    }

    internal DockerMachines Machines { get; }

    internal HostRules Rules { get; }

    /// <inheritdoc/>
    public Task<HostCapacity> CapacityAsync(CancellationToken cancellation) => Machines.CapacityAsync(cancellation);

    /// <inheritdoc/>
    public async Task<string?> LatestImageVersionAsync(CancellationToken cancellation) =>
        (await _client.InspectImageAsync(_options.Image, cancellation))?.Config?.Labels?.GetValueOrDefault(ObjectLabels.ImageVersion);

    /// <inheritdoc/>
    public async Task EnsureNetworkAsync(NetworkSpec network, CancellationToken cancellation)
    {
        await Rules.EnsureOnceAsync(cancellation);
        await _networks.EnsureAsync(network, cancellation);
    }

    /// <inheritdoc/>
    public Task DeleteNetworkAsync(Guid networkId, CancellationToken cancellation) => _networks.DeleteAsync(networkId, cancellation);

    /// <inheritdoc/>
    public Task<MachineStatus> EnsureMachineAsync(MachineSpec machine, CancellationToken cancellation) => Machines.EnsureAsync(machine, cancellation);

    /// <inheritdoc/>
    public async Task<MachineStatus> StartMachineAsync(Guid machineId, CancellationToken cancellation)
    {
        await Rules.EnsureOnceAsync(cancellation);
        return await Machines.StartAsync(machineId, cancellation);
    }

    /// <inheritdoc/>
    public Task StopMachineAsync(Guid machineId, TimeSpan grace, CancellationToken cancellation) => Machines.StopAsync(machineId, grace, cancellation);

    /// <inheritdoc/>
    public Task DeleteMachineAsync(Guid machineId, CancellationToken cancellation) => Machines.DeleteAsync(machineId, cancellation);

    /// <inheritdoc/>
    public Task<MachineStatus?> InspectMachineAsync(Guid machineId, CancellationToken cancellation) => Machines.InspectAsync(machineId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MachineStatus>> ListMachinesAsync(CancellationToken cancellation) => Machines.ListAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ListNetworksAsync(CancellationToken cancellation) => _networks.ListAsync(cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<MachineEvent> WatchAsync(CancellationToken cancellation) => WatchSinceAsync(_time.GetUtcNow(), cancellation);

    /// <inheritdoc/>
    public async Task PurgeAsync(CancellationToken cancellation)
    {
        await Machines.PurgeAsync(cancellation);
        await _networks.PurgeAsync(cancellation);

        // Last: as long as a machine runs, its rules stand.
        await Rules.RemoveAsync(cancellation);
    }

    /// <inheritdoc/>
    public Task EnsureHostRulesAsync(CancellationToken cancellation) => Rules.EnsureAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _networks.Dispose();
        _addresses.Dispose();
        Rules.Dispose();
    }

    /// <summary>The engine repeats what happened between the call and the connection, so nothing after the call is missed.</summary>
    private async IAsyncEnumerable<MachineEvent> WatchSinceAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var happenings = _client.EventsAsync(
            ObjectLabels.Installation, _options.Installation.ToString(), ["start", "die", "destroy"], since, cancellation);
        await foreach (var happening in happenings)
        {
            if (MachineHappening.Read(happening) is { } machineEvent)
                yield return machineEvent;
        }
    }
}
