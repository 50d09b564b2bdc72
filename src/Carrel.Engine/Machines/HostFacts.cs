using Carrel.Instances.Hosting;

namespace Carrel.Engine.Machines;

/// <summary>
/// What the host said last about itself, so that no request has to wait for it. Asked anew in every round of the reconciler, which runs at
/// start and every minute, and whenever a machine is made.
/// </summary>
public sealed class HostFacts(IInstanceHost host)
{
    private volatile HostCapacity? _capacity;
    private volatile string? _latestImageVersion;

    /// <summary>Processors and memory; null as long as the host has not answered.</summary>
    public HostCapacity? Capacity => _capacity;

    /// <summary>Version of the image that a new machine gets now; null when it is not known.</summary>
    public string? LatestImageVersion => _latestImageVersion;

    /// <summary>Asks the host.</summary>
    /// <exception cref="HostUnavailableException">It does not answer; what it said last stays.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        _capacity = await host.CapacityAsync(cancellation);
        _latestImageVersion = await host.LatestImageVersionAsync(cancellation);
    }
}
