using System.Formats.Tar;
using System.Text;

namespace Carrel.Hosts.Docker.Tests.Support;

/// <summary>An image of one static program: what the host promises does not depend on what runs inside.</summary>
internal static class TinyImage
{
    public const string Version = "26.01.02";

    private static readonly string[] Applets = ["sh", "cat", "chown", "grep", "id", "ls", "mkdir", "mount", "nc", "nslookup", "ping", "printf", "rm", "sleep", "stat", "touch", "true"];

    public static string Reference(string run) => $"carrel-test:{run}";

    public static async Task<string> MakeAsync(string run)
    {
        var program = new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("These tests need busybox: apt-get install busybox-static.");
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            await tar.WriteEntryAsync(program, "bin/busybox");
            foreach (var applet in Applets)
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
            await WriteAsync(tar, "etc/passwd", 0x1A4, "root:x:0:0::/root:/bin/sh\nazureuser:x:1000:1000::/home/azureuser:/bin/sh\n");
            await WriteAsync(tar, "etc/sudoers.d/carrel", 0x120, "azureuser ALL=(ALL) NOPASSWD: ALL\n");
            await WriteAsync(tar, "init", 0x1ED, "#!/bin/sh\ntrap 'exit 129' HUP TERM\nwhile :; do sleep 3600 & wait $!; done\n");
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "home/azureuser/") { Uid = 1000, Gid = 1000, Mode = (UnixFileMode)0x1ED });
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0x3FF });
        }

        archive.Position = 0;
        string[] arguments =
        [
            "import", "--change", "ENTRYPOINT [\"/init\"]", "--change", "ENV PATH=/bin",
            "--change", $"LABEL carrel.image.version={Version} carrel.test={run}", "-", Reference(run),
        ];
        _ = (await Command.RunAsync("docker", arguments, archive)).Text;
        return Reference(run);
    }

    private static async Task WriteAsync(TarWriter tar, string path, int mode, string content)
    {
        using var data = new MemoryStream(Encoding.ASCII.GetBytes(content));
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = (UnixFileMode)mode, DataStream = data });
    }
}
