using Carrel.Hosts.Docker.Machines;
using Carrel.Hosts.Docker.Tests.Support;
using Carrel.TestKit.Hosting;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Machines;

/// <summary>What a machine finds on its disks.</summary>
public sealed class MachineFilesTests(TestRun run)
{
    private const string Share = "/home/azureuser/cloudfiles/code";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_temporary_disk_is_emptied_by_a_stop_and_home_is_not()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();
        await InsideAsync(machine.Id, "touch /mnt/gone /home/azureuser/kept");

        await installation.Docker.StopMachineAsync(machine.Id, TimeSpan.FromSeconds(2), Cancellation);
        await installation.Docker.StartMachineAsync(machine.Id, Cancellation);

        (await InsideAsync(machine.Id, "ls /mnt")).ShouldBeEmpty();
        (await InsideAsync(machine.Id, "ls /home/azureuser")).ShouldContain("kept");
    }

    [Fact]
    public async Task The_temporary_disk_is_as_large_as_asked_and_open_to_all()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();

        (await InsideAsync(machine.Id, "stat -c %a /mnt")).ShouldBe("1777");
        (await InsideAsync(machine.Id, "grep ' /mnt ' /proc/mounts")).ShouldContain("size=8192k");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_share_is_read_everywhere_and_written_in_the_own_folders_only(bool root)
    {
        await using var installation = new DockerUnderTest(run);
        var network = HostUnderTest.Network();
        var (mine, _) = await installation.RunAsync(network, "ada-desk");
        var (theirs, _) = await installation.RunAsync(network, "bob-desk", spec => spec with { OwnerAlias = "bob" });

        await InsideAsync(mine.Id, $"printf hello > {Share}/Users/ada/file && printf log > {Share}/Logs/ada-desk/log", root);

        (await InsideAsync(theirs.Id, $"cat {Share}/Users/ada/file {Share}/Logs/ada-desk/log", root)).ShouldBe("hellolog");
        string[] forbidden = ["file", "Users/file", "Users/ada/file", "Users/ada/other", "Users/bob/../ada/file", "Logs/ada-desk/log", "Logs/new"];
        foreach (var target in forbidden)
            (await DockerUnderTest.RunInsideAsync(theirs.Id, $"printf x > {Share}/{target}", root)).Errors.ShouldContain("Read-only file system", customMessage: target);
        (await DockerUnderTest.RunInsideAsync(theirs.Id, $"mount -o remount,rw {Share}", root: true)).ExitCode.ShouldNotBe(0);
        File.ReadAllText(Path.Combine(installation.ShareFolder, "Users", "ada", "file")).ShouldBe("hello");
    }

    [Fact]
    public async Task The_secret_belongs_to_root_alone_and_root_access_leaves_sudo_as_it_is()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();

        (await InsideAsync(machine.Id, $"stat -c %a:%u:%g {MachineArchive.SecretPath}")).ShouldBe("600:0:0");
        (await InsideAsync(machine.Id, $"cat {MachineArchive.SecretPath}", root: true)).ShouldBe(machine.Secret);
        (await DockerUnderTest.RunInsideAsync(machine.Id, $"cat {MachineArchive.SecretPath}")).ExitCode.ShouldNotBe(0);
        (await InsideAsync(machine.Id, "cat /etc/sudoers.d/carrel", root: true)).ShouldContain("NOPASSWD");
        (await InsideAsync(machine.Id, "grep NoNewPrivs /proc/self/status")).ShouldEndWith("0");
    }

    [Fact]
    public async Task Without_root_access_nothing_gains_rights()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync(change: spec => spec with { RootAccess = false });

        (await InsideAsync(machine.Id, "cat /etc/sudoers.d/carrel", root: true)).ShouldNotContain("NOPASSWD");
        (await InsideAsync(machine.Id, "stat -c %a:%u /etc/sudoers.d/carrel")).ShouldBe("440:0");
        (await InsideAsync(machine.Id, "grep NoNewPrivs /proc/self/status")).ShouldEndWith("1");
    }

    [Fact]
    public async Task Root_inside_has_no_right_to_forge_packets_make_devices_or_mount()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();

        var mask = Convert.ToUInt64((await InsideAsync(machine.Id, "grep CapBnd /proc/self/status", root: true)).Split('\t')[1], 16);
        foreach (var (name, bit) in new[] { ("NET_ADMIN", 12), ("NET_RAW", 13), ("SYS_MODULE", 16), ("SYS_PTRACE", 19), ("SYS_ADMIN", 21), ("MKNOD", 27) })
            (mask >> bit & 1).ShouldBe(0ul, name);
        (await DockerUnderTest.RunInsideAsync(machine.Id, "ping -c 1 -W 1 127.0.0.1", root: true)).Errors.ShouldContain("permission denied");
    }

    [Fact]
    public async Task The_agents_folder_is_seen_and_not_written()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();

        (await DockerUnderTest.RunInsideAsync(machine.Id, "touch /opt/carrel/agent/x", root: true)).Errors.ShouldContain("Read-only");
    }

    private static async Task<string> InsideAsync(Guid machine, string line, bool root = false) =>
        (await DockerUnderTest.RunInsideAsync(machine, line, root)).Text;
}
