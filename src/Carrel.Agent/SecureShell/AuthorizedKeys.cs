using Carrel.Agent.Files;

namespace Carrel.Agent.SecureShell;

/// <summary>
/// The key that the server stores for the instance (contract 13.1), in a file of root's that sshd reads beside the user's own ones. A change holds for the
/// next log-in; what is open goes on.
/// </summary>
internal static class AuthorizedKeys
{
    // sshd reads it as the user.
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Folder = Everybody | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes a key the only one of the file, or none.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? Set(AgentOptions options, string? key)
    {
        try
        {
            var content = key is null ? "" : key + "\n";
            if (AtomicFile.ReadIfThere(options.AuthorizedKeysFile) is var former && (former ?? "") == content)
            {
                return null;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(options.AuthorizedKeysFile)!, Folder);
            AtomicFile.Write(options.AuthorizedKeysFile, content, Everybody);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The key for secure shell could not be set: {failure.GetType().Name}.";
        }
    }
}
