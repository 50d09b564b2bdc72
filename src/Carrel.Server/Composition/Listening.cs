using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Carrel.Gateway.Certificates;
using Carrel.Server.Configuration;

namespace Carrel.Server.Composition;

/// <summary>Where the server listens, and with which certificate.</summary>
internal static class Listening
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(5);

    internal static void AddListeners(this WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseGatewayLimits();
            foreach (IPAddress address in Usable(options.ListenAddresses))
            {
                kestrel.Listen(address, options.PublicUrl.Port, listen => listen.UseGatewayTls());
                if (options.HttpPort != 0)
                    kestrel.Listen(address, options.HttpPort);
            }
        });
    }

    /// <summary>Those of the operator's addresses that a port can be opened at, each once.</summary>
    // On Linux :: takes IPv4 too, so 0.0.0.0 beside it would find its port taken.
    internal static IEnumerable<IPAddress> Usable(IReadOnlyList<IPAddress> addresses) =>
        addresses.Distinct().Where(address => (!address.Equals(IPAddress.Any) || !addresses.Contains(IPAddress.IPv6Any)) && IsUsable(address));

    // A machine without IPv6 has no ::1 to listen on; that is no reason not to start.
    private static bool IsUsable(IPAddress address) =>
        address.AddressFamily != AddressFamily.InterNetworkV6
        || (Socket.OSSupportsIPv6 && (!IPAddress.IsLoopback(address) || NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Any(known => known.Address.Equals(IPAddress.IPv6Loopback))));
}
