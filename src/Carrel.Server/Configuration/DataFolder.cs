namespace Carrel.Server.Configuration;

/// <summary>
/// The data folder: everything that must survive, readable for its owner alone. One server at a time holds it (design, Store: a second
/// server on one SQLite data folder refuses to start).
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Root = path;
        _lock = held;
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The database file.</summary>
    public string Database => Path.Combine(Root, "carrel.db");

    /// <summary>Certificates.</summary>
    public string Tls => Path.Combine(Root, "tls");

    /// <summary>Keys that sign tokens and that machine secrets are derived from.</summary>
    public string Keys => Path.Combine(Root, "keys");

    /// <summary>File shares, one folder a workspace.</summary>
    public string Shares => Path.Combine(Root, "shares");

    /// <summary>Variables for clients, made at first start.</summary>
    public string ClientEnvironment => Path.Combine(Root, "client.env");

    /// <summary>The first administrator's sign-in, made at first start.</summary>
    public string AdministratorFile => Path.Combine(Root, "administrator");

    /// <summary>Identity of this installation; separates it from others on one engine.</summary>
    public Guid Installation { get; private set; }

    /// <summary>Opens the folder, making what is missing, and locks it.</summary>
    /// <exception cref="ConfigurationException">It cannot be used, or another server holds it.</exception>
    public static DataFolder Open(string path)
    {
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(path, Private);
            File.SetUnixFileMode(path, Private);
            held = new FileStream(Path.Combine(path, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var folder = new DataFolder(path, held);
            foreach (string inner in new[] { folder.Tls, folder.Keys, folder.Shares })
                Directory.CreateDirectory(inner, Private);
            folder.Installation = folder.ReadOrMakeInstallation();
            return folder;
        }
        catch (IOException fault) when (held is null && File.Exists(Path.Combine(path, "server.lock")))
        {
            throw new ConfigurationException($"Another Carrel server uses the data folder {path}: stop it first, or set CARREL_DATA to another folder.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new ConfigurationException($"The data folder {path} cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>Writes a file that only its owner can read; whole or not at all.</summary>
    public static void WritePrivate(string path, string text)
    {
        string draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = PrivateFile }))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private Guid ReadOrMakeInstallation()
    {
        string path = Path.Combine(Root, "installation");
        if (!File.Exists(path))
            WritePrivate(path, Guid.NewGuid().ToString("D"));
        return Guid.Parse(File.ReadAllText(path).Trim());
    }
}
