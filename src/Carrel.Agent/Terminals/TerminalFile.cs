using System.Runtime.InteropServices;

namespace Carrel.Agent.Terminals;

/// <summary>Writes to a terminal's device without waiting for it.</summary>
internal static partial class TerminalFile
{
    // fcntl.h of Linux on x86-64 and arm64; .NET opens no file this way.
    private const int WriteOnly = 0x1;
    private const int NoControllingTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>Writes as much as the terminal takes at once.</summary>
    /// <returns>False when it is gone, or stopped by its user and full.</returns>
    public static bool TryWrite(string path, byte[] text)
    {
        var file = Open(path, WriteOnly | NoControllingTerminal | NonBlocking | CloseOnExec);
        if (file < 0)
        {
            return false;
        }

        try
        {
            return Write(file, text, text.Length) > 0;
        }
        finally
        {
            _ = Close(file);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte[] bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
