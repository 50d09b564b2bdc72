using System.Formats.Tar;
using System.Text;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Machines;

/// <summary>The files that are put into a machine between create and first start; they are the machine's own and no part of its visible configuration.</summary>
internal static class MachineArchive
{
    /// <summary>Where the machine's secret lies; root alone reads it.</summary>
    public const string SecretPath = "/var/lib/carrel/machine-secret";

    /// <summary>Length of the secret's file; anything else there is an upload that was cut off.</summary>
    public const int SecretBytes = 64;

    /// <summary>The tar. The secret comes last, so that a machine that has it has everything.</summary>
    public static byte[] Of(MachineSpec machine)
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, TarEntryFormat.Ustar, leaveOpen: true))
        {
            // An upload cannot remove a file; rules that say nothing are as good.
            if (!machine.RootAccess)
                Write(tar, "etc/sudoers.d/carrel", UnixFileMode.UserRead | UnixFileMode.GroupRead, "# Root access is disabled on this compute instance.\n");
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "var/lib/carrel/")
            {
                Mode = (UnixFileMode)0x1ED, // 0755
            });
            Write(tar, SecretPath[1..], UnixFileMode.UserRead | UnixFileMode.UserWrite, machine.Secret);
        }

        return memory.ToArray();
    }

    private static void Write(TarWriter tar, string path, UnixFileMode mode, string content)
    {
        using var data = new MemoryStream(Encoding.ASCII.GetBytes(content));
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { Mode = mode, DataStream = data });
    }
}
