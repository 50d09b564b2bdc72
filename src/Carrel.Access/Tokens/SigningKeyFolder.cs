using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Carrel.Access.Tokens;

/// <summary>Signing keys as files <c>TIME.pem</c>, readable by the server's user alone. A key appears whole or not at all.</summary>
internal sealed class SigningKeyFolder
{
    private const string TimeForm = "yyyyMMdd'T'HHmmssfff'Z'";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;

    internal SigningKeyFolder(string dataFolder)
    {
        _folder = Path.Combine(dataFolder, "keys");
        System.IO.Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>All keys, oldest first.</summary>
    internal List<SigningKey> Read()
    {
        var keys = new List<SigningKey>();
        foreach (string path in System.IO.Directory.GetFiles(_folder, "*.pem").Order(StringComparer.Ordinal))
            keys.Add(ReadOne(path));
        return keys;
    }

    /// <summary>Makes a key and keeps it durably before anybody can sign with it.</summary>
    internal SigningKey Create(DateTimeOffset now)
    {
        var rsa = RSA.Create(2048);
        string path = PathOf(now);
        string unfinished = path + ".new";
        byte[] pem = Encoding.ASCII.GetBytes(rsa.ExportPkcs8PrivateKeyPem() + "\n");
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(pem);
            file.Flush(flushToDisk: true);
        }

        CryptographicOperations.ZeroMemory(pem);
        File.Move(unfinished, path, overwrite: false);
        return new SigningKey(rsa, Truncate(now));
    }

    /// <summary>Removes a key that nothing signed with any more needs.</summary>
    internal void Delete(SigningKey key) => File.Delete(PathOf(key.CreatedAt));

    private string PathOf(DateTimeOffset at) => Path.Combine(_folder, at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture) + ".pem");

    private static SigningKey ReadOne(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTime.TryParseExact(name, TimeForm, CultureInfo.InvariantCulture, Utc, out DateTime at))
            throw new InvalidDataException($"{path} is not a signing key of Carrel: its name has to be the time it was made. Move it out of the folder.");
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(File.ReadAllText(path));
            return new SigningKey(rsa, new DateTimeOffset(at, TimeSpan.Zero));
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            rsa.Dispose();
            throw new InvalidDataException($"The signing key {path} cannot be read: restore it, or remove it (tokens it signed become invalid).", fault);
        }
    }

    // The file's name keeps milliseconds; the key in memory must not differ from the key after a restart.
    private static DateTimeOffset Truncate(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
