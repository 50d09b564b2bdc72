using System.Diagnostics;

namespace Carrel.Engine.Operations;

/// <summary>
/// Removes the folder of a workspace share. Users fill it from inside their machines, on Linux: with names that are no UTF-8 and paths
/// longer than a system call takes, both of which .NET's own recursive deletion cannot remove. <c>rm</c> can, follows no symbolic link and,
/// told so, enters no other file system.
/// </summary>
internal static class ShareRemoval
{
    /// <summary>Removes a folder with everything in it; one that does not exist is fine.</summary>
    /// <exception cref="IOException">Something stayed; the message has the system's words.</exception>
    internal static async Task RunAsync(string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            return;
        using var removal = Process.Start(new ProcessStartInfo("rm", ["-rf", "--one-file-system", "--", folder]) { RedirectStandardError = true })!;
        try
        {
            Task<string> words = FirstWordsAsync(removal.StandardError, cancellation);
            await removal.WaitForExitAsync(cancellation);
            if (removal.ExitCode != 0)
                throw new IOException($"The share folder '{folder}' could not be removed: {await words}");
        }
        finally
        {
            if (!removal.HasExited)
                removal.Kill();
        }
    }

    // The first line says enough; the rest is read so that rm never waits for somebody to read it.
    private static async Task<string> FirstWordsAsync(StreamReader errors, CancellationToken cancellation)
    {
        string first = await errors.ReadLineAsync(cancellation) ?? "";
        while (await errors.ReadLineAsync(cancellation) is not null)
        {
        }

        return first;
    }
}
