using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Carrel.Gateway.Certificates;

/// <summary>
/// The private CA: ECDSA P-256, which Python, Node, .NET and Chromium all take. What strict checkers want (Python's
/// VERIFY_X509_STRICT: key identifiers, critical constraints, key usage) is all there.
/// </summary>
internal static class PrivateAuthority
{
    /// <summary>Life of the CA.</summary>
    internal const int AuthorityYears = 10;

    /// <summary>Life of a server certificate; browsers take none over 398 days.</summary>
    internal static readonly TimeSpan ServerLife = TimeSpan.FromDays(397);

    // Clocks of clients may be a little behind ours.
    private static readonly TimeSpan BackDating = TimeSpan.FromHours(1);

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Makes the CA's certificate for its key.</summary>
    internal static X509Certificate2 CreateAuthority(ECDsa key, DateTimeOffset now)
    {
        string mark = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..8];
        var request = new CertificateRequest($"CN=Carrel private CA {mark}, O=Carrel", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var subject = new X509SubjectKeyIdentifierExtension(request.PublicKey, false);
        request.CertificateExtensions.Add(subject);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(subject));
        DateTimeOffset from = now - BackDating;
        return request.CreateSelfSigned(from, from.AddYears(AuthorityYears));
    }

    /// <summary>Issues a server certificate; its private key is not in the result.</summary>
    internal static X509Certificate2 IssueServer(X509Certificate2 authority, ECDsa key, CertificateNames names, DateTimeOffset now)
    {
        var request = new CertificateRequest($"CN={names.Dns[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names.Dns)
            alternatives.AddDnsName(name);
        foreach (System.Net.IPAddress address in names.Addresses)
            alternatives.AddIpAddress(address);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));

        DateTimeOffset from = now - BackDating;
        // A second less: the last second counts as part of the life.
        DateTimeOffset until = from + ServerLife - TimeSpan.FromSeconds(1);
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return request.Create(authority, from, until < authority.NotAfter ? until : authority.NotAfter, serial);
    }

    /// <summary>The names a certificate carries.</summary>
    internal static CertificateNames NamesOf(X509Certificate2 certificate)
    {
        X509SubjectAlternativeNameExtension? names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return names is null ? new CertificateNames([], []) : new CertificateNames([.. names.EnumerateDnsNames()], [.. names.EnumerateIPAddresses()]);
    }
}
