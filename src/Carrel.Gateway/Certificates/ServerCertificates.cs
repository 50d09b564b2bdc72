using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Carrel.Gateway.Certificates;

/// <summary>The certificate the server shows: from the private CA, or configured. Changes without a restart.</summary>
public sealed class ServerCertificates
{
    /// <summary>A certificate of ours is renewed so long before its end.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCertificates> _log;
    private readonly CertificateFolder? _folder;
    private readonly Lock _change = new();
    // Written under _change when locations change or at a renewal; every handshake reads it once.
    private volatile Shown _shown;
    private IReadOnlyCollection<string> _locations;

    /// <summary>Reads the certificate; makes CA and certificate at a first start.</summary>
    /// <exception cref="InvalidDataException">A file is there and of no use; the message says which and what to do.</exception>
    public ServerCertificates(GatewayOptions options, TimeProvider time, ILogger<ServerCertificates> log)
    {
        (_options, _time, _log, _locations) = (options, time, log, options.Locations);
        _folder = options.CertificateFile is null ? new CertificateFolder(options.DataFolder) : null;
        _shown = _folder is null ? ReadConfigured() : EnsureOwn(_folder, null);
    }

    /// <summary>The certificate with its private key.</summary>
    public X509Certificate2 Current => _shown.Certificate;

    /// <summary>The same with its chain, made once, so that handshakes are cheap and sessions can be resumed.</summary>
    public SslStreamCertificateContext CurrentContext => _shown.Context;

    /// <summary>File of the private CA's certificate, for clients to trust; null when a certificate is configured.</summary>
    public string? AuthorityFile => _folder?.AuthorityFile;

    /// <summary>Makes sure that the certificate names the instances of these locations, and only these; issues another if not.</summary>
    /// <param name="locations">All locations there are.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task EnsureLocationsAsync(IReadOnlyCollection<string> locations, CancellationToken cancellation) => Task.Run(() => Refresh(locations), cancellation);

    /// <summary>Renews what is near its end, and reads configured files that changed.</summary>
    internal void Refresh() => Refresh(null);

    private void Refresh(IReadOnlyCollection<string>? locations)
    {
        lock (_change)
        {
            _locations = locations ?? _locations;
            _shown = _folder is null ? ReadConfigured() : EnsureOwn(_folder, _shown);
        }
    }

    private Shown EnsureOwn(CertificateFolder folder, Shown? shown)
    {
        DateTimeOffset now = _time.GetUtcNow();
        CertificateNames names = CertificateNames.For(_options, _locations);
        if (shown is not null && IsGood(shown.Certificate, names, now))
            return shown;
        using X509Certificate2 authority = folder.EnsureAuthority(now);
        if (shown is null)
        {
            (X509Certificate2? kept, string? reason) = folder.ReadServer(authority);
            if (kept is not null && IsGood(kept, names, now))
                return new Shown(kept, []);
            if (reason is not null)
                GatewayLog.CertificateDiscarded(_log, reason);
        }

        X509Certificate2 issued = folder.IssueServer(authority, names, now);
        GatewayLog.CertificateIssued(_log, string.Join(", ", names.Dns), issued.NotAfter);
        return new Shown(issued, []);
    }

    private static bool IsGood(X509Certificate2 certificate, CertificateNames names, DateTimeOffset now) =>
        now < certificate.NotAfter - RenewBefore && now >= certificate.NotBefore && PrivateAuthority.NamesOf(certificate).SameAs(names);

    private Shown ReadConfigured()
    {
        string file = _options.CertificateFile!;
        string key = _options.CertificateKeyFile ?? file;
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(file, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            return new Shown(certificate, chain);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException)
        {
            throw new InvalidDataException(
                $"The configured certificate {file} with key {key} cannot be used: give PEM files of a certificate (its chain behind it) and of its key.", fault);
        }
    }

    private sealed class Shown(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        internal X509Certificate2 Certificate { get; } = certificate;

        // Offline: a handshake must never wait for somebody else's server.
        internal SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }
}
