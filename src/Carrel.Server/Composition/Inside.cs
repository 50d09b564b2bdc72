using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carrel.Engine.Lines;
using Carrel.Engine.Machines;
using Carrel.Server.Configuration;

namespace Carrel.Server.Composition;

/// <summary>The server as machines see it from inside.</summary>
internal static class Inside
{
    internal static MachineSurroundings Surroundings(ServerOptions options, DataFolder folder) =>
        new(options.Origin, () => Certificates(options.CertificateFile ?? Path.Combine(folder.Tls, "ca.crt")));

    /// <summary>Where the server's own listener is reached from this host: its loopback where it listens there.</summary>
    internal static MachineLineOptions Lines(ServerOptions options)
    {
        IPAddress[] own = [.. options.ListenAddresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork)];
        bool loopback = own.Length == 0 || own.Any(address => IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any)) || options.ListenAddresses.Contains(IPAddress.IPv6Any);
        return new MachineLineOptions(new IPEndPoint(loopback ? IPAddress.Loopback : own[0], options.PublicUrl.Port));
    }

    // Certificates alone: the file may hold the key too.
    private static string Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
            return string.Concat(certificates.Select(certificate => certificate.ExportCertificatePem() + "\n"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return "";
        }
        finally
        {
            foreach (X509Certificate2 certificate in certificates)
                certificate.Dispose();
        }
    }
}
