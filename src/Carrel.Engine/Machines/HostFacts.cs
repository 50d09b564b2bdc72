using System.Net;
using System.Net.Sockets;
using Carrel.Instances.Hosting;

namespace Carrel.Engine.Machines;

/// <summary>
/// What the host said last about itself, and where the public origin's name led, so that no request has to wait for it. Asked anew in every round
/// of the reconciler, which runs at start and every minute, and whenever a machine is made.
/// </summary>
public sealed class HostFacts(IInstanceHost host, EngineOptions options)
{
    private volatile HostCapacity? _capacity;
    private volatile string? _latestImageVersion;
    private volatile string? _publicAddress;

    /// <summary>Processors and memory; null as long as the host has not answered.</summary>
    public HostCapacity? Capacity => _capacity;

    /// <summary>Version of the image that a new machine gets now; null when it is not known.</summary>
    public string? LatestImageVersion => _latestImageVersion;

    /// <summary>Address of the public origin, at which ports lead to instances; null when its name leads nowhere.</summary>
    public string? PublicAddress => _publicAddress;

    /// <summary>Asks the host.</summary>
    /// <exception cref="HostUnavailableException">It does not answer; what it said last stays.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        _publicAddress = await AddressAsync(cancellation) ?? _publicAddress;
        _capacity = await host.CapacityAsync(cancellation);
        _latestImageVersion = await host.LatestImageVersionAsync(cancellation);
    }

    // IPv4 first: it is what clients of Azure's API expect to read. A machine often finds its own name at a loopback address, which would lead others to themselves.
    private async Task<string?> AddressAsync(CancellationToken cancellation)
    {
        if (options.PublicHost is not { } name)
            return null;
        if (name == "localhost")
            return IPAddress.Loopback.ToString();
        if (IPAddress.TryParse(name, out IPAddress? literal))
            return literal.ToString();
        try
        {
            return (await Dns.GetHostAddressesAsync(name, cancellation)).Where(address => !IPAddress.IsLoopback(address))
                .MinBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)?.ToString();
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
