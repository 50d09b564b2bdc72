using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Http;

/// <summary>The network handler. It trusts what the system trusts and, in addition, exactly the certificates of one file.</summary>
internal static class TrustedHandler
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Makes the handler; <paramref name="certificateFile"/> holds PEM certificates of authorities (CARREL_CA).</summary>
    public static HttpMessageHandler Create(string? certificateFile)
    {
        // A redirect could lead a bearer token elsewhere; no route of the contract answers with one.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (certificateFile is null)
            return handler;
        var trusted = Read(certificateFile);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            Accept(certificate as X509Certificate2, chain, errors, trusted);
        return handler;
    }

    /// <summary>Accepts what the system accepts; else a chain that ends in <paramref name="trusted"/>. A wrong host name is never accepted.</summary>
    internal static bool Accept(X509Certificate2? certificate, X509Chain? sent, SslPolicyErrors errors, X509Certificate2Collection trusted)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (certificate is null || errors != SslPolicyErrors.RemoteCertificateChainErrors)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        // A private authority publishes no revocation list.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate);
    }

    private static X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw CliException.Usage($"The certificate file {file} (CARREL_CA) cannot be read: {problem.Message}");
        }
        if (certificates.Count == 0)
            throw CliException.Usage($"The certificate file {file} (CARREL_CA) holds no certificate in PEM form.");
        return certificates;
    }
}
