using System.Runtime.InteropServices;

namespace Carrel.Agent.Files;

/// <summary>Whose a file is.</summary>
internal static partial class FileOwner
{
    private const uint Same = uint.MaxValue;

    /// <summary>Gives a file to a group; its owner stays.</summary>
    /// <exception cref="IOException">It cannot be given.</exception>
    public static void GiveToGroup(string path, uint group)
    {
        if (Change(path, Same, group) != 0)
        {
            throw new IOException($"The group of {path} cannot be set.");
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Change(string path, uint owner, uint group);
}
