using System.Net;

namespace Carrel.Gateway.Certificates;

/// <summary>The names a server certificate has to carry.</summary>
/// <param name="Dns">DNS names, wildcards one label deep included, in order and without repetition.</param>
/// <param name="Addresses">IP addresses.</param>
internal sealed record CertificateNames(IReadOnlyList<string> Dns, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>Works them out (design, "Addresses").</summary>
    internal static CertificateNames For(GatewayOptions options, IEnumerable<string> locations)
    {
        List<string> names = ["localhost", options.StudioDomain, $"*.{options.StudioDomain}", $"*.blob.{options.StudioDomain}"];
        List<IPAddress> addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        if (IPAddress.TryParse(options.PublicHost.Trim('[', ']'), out IPAddress? address))
            addresses.Add(address);
        else
            names.Add(options.PublicHost);
        names.AddRange(locations.Order(StringComparer.Ordinal).Select(location => $"*.{location}.instances.{options.InstanceDomain}"));
        return new CertificateNames(
            [.. names.Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal)], [.. addresses.Distinct()]);
    }

    /// <summary>Whether two certificates for these names would be the same.</summary>
    internal bool SameAs(CertificateNames other) =>
        Dns.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(other.Dns) && Addresses.ToHashSet().SetEquals(other.Addresses);
}
