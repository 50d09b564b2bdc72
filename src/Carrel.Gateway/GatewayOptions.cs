using System.Net;

namespace Carrel.Gateway;

/// <summary>What the operator says about names and certificates.</summary>
public sealed record GatewayOptions
{
    /// <summary>The studio's public origin, such as <c>https://localhost:8443</c>. Its port is the port of every instance's origin too.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>The data folder; certificates are kept in <c>tls</c> below it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>DOMAIN in <c>NAME.LOCATION.instances.DOMAIN</c>.</summary>
    public string InstanceDomain { get; init; } = "localhost";

    /// <summary>Base domain of Carrel's own further host names (design, "Addresses").</summary>
    public string StudioDomain { get; init; } = "carrel.localhost";

    /// <summary>Locations known at start; later ones by <see cref="Certificates.ServerCertificates.EnsureLocationsAsync"/>.</summary>
    public IReadOnlyList<string> Locations { get; init; } = [];

    /// <summary>PEM file of an own certificate with its chain, used instead of the private CA; null for the private CA.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its private key; may be the same file. Needed together with <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>Addresses at which the ports of instances are opened: those the server listens on.</summary>
    public IReadOnlyList<IPAddress> ListenAddresses { get; init; } = [IPAddress.Loopback];

    /// <summary>Host of the public origin, in lower case.</summary>
    internal string PublicHost => PublicUrl.IdnHost.ToLowerInvariant();

    /// <summary><c>:8443</c>, or nothing when the port is 443.</summary>
    internal string PortSuffix => PublicUrl.Port == 443 ? "" : $":{PublicUrl.Port}";

    /// <summary>The public origin as text, without a trailing slash.</summary>
    internal string PublicOrigin => PublicUrl.GetLeftPart(UriPartial.Authority);
}
