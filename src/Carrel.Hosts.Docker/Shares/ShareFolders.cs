using System.Runtime.InteropServices;
using Carrel.Instances.Hosting;
using Microsoft.Win32.SafeHandles;

namespace Carrel.Hosts.Docker.Shares;

/// <summary>
/// Makes the folders of the workspace share that a machine may write: 0755, owned by the machine's user (1000:1000). Each step is taken
/// relative to the opened folder before it and never through a symbolic link, so that nothing planted on the share leads elsewhere.
/// </summary>
internal static partial class ShareFolders
{
    private const uint User = 1000;
    private const uint Mode = 0x1ED; // 0755
    private const int Exists = 17;

    // The kernel numbers these flags differently on x86 and ARM.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    private static readonly int OpenFolder = (Arm ? 0x4000 : 0x10000) | (Arm ? 0x8000 : 0x20000) | 0x80000;

    /// <summary>Makes sure of the share and of the folders below it; returns the absolute path of the last one.</summary>
    /// <exception cref="HostRefusedException">A name that is none, something that is no folder, or no right.</exception>
    public static string Ensure(string share, params string[] names)
    {
        if (!Path.IsPathFullyQualified(share))
            throw Refusal(share, "is not an absolute path");
        foreach (var name in names)
        {
            if (name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '\0'))
                throw Refusal(name, "is not the name of a folder");
        }

        Directory.CreateDirectory(share);
        var folder = Open(-100, share, share);
        try
        {
            Own(folder, share);
            var path = share;
            foreach (var name in names)
            {
                path = Path.Combine(path, name);
                var made = MakeFolder(folder, name, Mode) == 0;
                if (!made && Marshal.GetLastPInvokeError() != Exists)
                    throw Refusal(path, $"cannot be made ({Marshal.GetLastPInvokeErrorMessage()})");
                var next = Open((int)folder.DangerousGetHandle(), name, path);
                folder.Dispose();
                folder = next;
                Own(folder, path);

                // The process's umask took bits away. What exists keeps the mode its owner gave it.
                if (made && ChangeMode(folder, Mode) != 0)
                    throw Refusal(path, $"cannot be opened to its readers ({Marshal.GetLastPInvokeErrorMessage()})");
            }

            return path;
        }
        finally
        {
            folder.Dispose();
        }
    }

    private static SafeFileHandle Open(int parent, string name, string path)
    {
        var descriptor = OpenAt(parent, name, OpenFolder);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw Refusal(path, $"is not a folder that can be used ({Marshal.GetLastPInvokeErrorMessage()})");
    }

    private static void Own(SafeFileHandle folder, string path)
    {
        if (ChangeOwner(folder, User, User) != 0)
            throw Refusal(path, $"cannot be given to the machine's user ({Marshal.GetLastPInvokeErrorMessage()})");
    }

    private static HostRefusedException Refusal(string path, string reason) =>
        new("ShareNotUsable", $"The share folder '{path}' {reason}. Look at it on the host; Carrel must run as root there.");

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int parent, string name, int flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFolder(SafeFileHandle parent, string name, uint mode);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(SafeFileHandle folder, uint mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle folder, uint user, uint group);
}
