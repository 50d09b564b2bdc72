using System.Security.Cryptography;
using Carrel.AgentProtocol;

namespace Carrel.Engine.Machines;

/// <summary>
/// The secrets of all machines, derived from one key in the data folder by the machine's id, so that no database, backup or listing
/// carries them.
/// </summary>
public sealed class MachineSecrets
{
    private const int KeyBytes = 32;

    private readonly byte[] _masterKey;

    /// <summary>Uses a key of 32 bytes.</summary>
    public MachineSecrets(byte[] masterKey) => _masterKey = masterKey.Length == KeyBytes
        ? masterKey
        : throw new ArgumentException("The key of the machines has 32 bytes.", nameof(masterKey));

    /// <summary>Reads the key file, or makes it (mode 0600) when there is none.</summary>
    public static MachineSecrets OpenOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            // Written beside and renamed: a crash leaves no half-written key behind.
            string draft = path + ".new";
            File.WriteAllBytes(draft, RandomNumberGenerator.GetBytes(KeyBytes));
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(draft, path);
        }

        return new MachineSecrets(File.ReadAllBytes(path));
    }

    /// <summary>The secret of one machine; always the same for the same id.</summary>
    public MachineSecret Of(Guid machineId) =>
        MachineSecret.Parse(Convert.ToHexStringLower(HMACSHA256.HashData(_masterKey, machineId.ToByteArray(bigEndian: true))));
}
