using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Carrel.Gateway.Certificates;

/// <summary>The files of <c>tls</c> in the data folder. A file appears whole or not at all; keys are readable by the server's user alone.</summary>
internal sealed class CertificateFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode FolderMode =
        Private | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _folder;

    internal CertificateFolder(string dataFolder)
    {
        _folder = Path.Combine(dataFolder, "tls");
        Directory.CreateDirectory(_folder, FolderMode);
    }

    /// <summary>The CA's certificate, for people to trust.</summary>
    internal string AuthorityFile => Path.Combine(_folder, "ca.crt");

    private string AuthorityKeyFile => Path.Combine(_folder, "ca.key");

    private string ServerFile => Path.Combine(_folder, "server.crt");

    private string ServerKeyFile => Path.Combine(_folder, "server.key");

    /// <summary>Reads the CA with its key; makes it when there is none.</summary>
    /// <exception cref="InvalidDataException">It is there and of no use: replacing what people already trust is not for us to decide.</exception>
    internal X509Certificate2 EnsureAuthority(DateTimeOffset now)
    {
        try
        {
            // A key without certificate is what a crash between the two writes leaves behind.
            if (!File.Exists(AuthorityFile))
            {
                using ECDsa key = File.Exists(AuthorityKeyFile) ? ReadKey(AuthorityKeyFile) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
                using X509Certificate2 made = PrivateAuthority.CreateAuthority(key, now);
                Write(AuthorityKeyFile, key.ExportPkcs8PrivateKeyPem(), Private);
                Write(AuthorityFile, made.ExportCertificatePem(), Public);
            }

            return X509Certificate2.CreateFromPemFile(AuthorityFile, AuthorityKeyFile);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or FileNotFoundException)
        {
            throw new InvalidDataException(
                $"The private CA in {_folder} cannot be used: restore ca.crt and ca.key, or remove both and trust the new CA everywhere.", fault);
        }
    }

    /// <summary>The kept server certificate with its key, or null and why not.</summary>
    internal (X509Certificate2? Certificate, string? Reason) ReadServer(X509Certificate2 authority)
    {
        if (!File.Exists(ServerFile) || !File.Exists(ServerKeyFile))
            return (null, null);
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(ServerFile, ServerKeyFile);
            if (certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData))
                return (certificate, null);
            certificate.Dispose();
            return (null, "another CA issued it");
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            return (null, "it cannot be read or does not belong to its key");
        }
    }

    /// <summary>Issues and keeps a server certificate with a new key.</summary>
    internal X509Certificate2 IssueServer(X509Certificate2 authority, CertificateNames names, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 issued = PrivateAuthority.IssueServer(authority, key, names, now);
        // A crash between the two leaves a pair that does not match: the next start issues another.
        Write(ServerKeyFile, key.ExportPkcs8PrivateKeyPem(), Private);
        Write(ServerFile, issued.ExportCertificatePem(), Public);
        return issued.CopyWithPrivateKey(key);
    }

    private static ECDsa ReadKey(string path)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }

    private static void Write(string path, string pem, UnixFileMode mode)
    {
        string unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(Encoding.ASCII.GetBytes(pem + "\n"));
            file.Flush(flushToDisk: true);
        }

        // The mask of the process may have narrowed it: clients of other users read the public ones.
        File.SetUnixFileMode(unfinished, mode);
        File.Move(unfinished, path, overwrite: true);
    }
}
