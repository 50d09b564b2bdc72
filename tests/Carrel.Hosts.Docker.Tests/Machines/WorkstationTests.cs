using System.Diagnostics;
using Carrel.Hosts.Docker.Machines;
using Carrel.Hosts.Docker.Tests.Support;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Machines;

/// <summary>The real workstation image under the host's restrictions; named by <c>CARREL_TEST_IMAGE</c>, because it is not built here.</summary>
public sealed class WorkstationTests(TestRun run)
{
    private static readonly string? Image = Environment.GetEnvironmentVariable("CARREL_TEST_IMAGE");

    [Fact]
    public async Task Sudo_works_with_root_access_and_the_user_owns_home()
    {
        await using var installation = Workstation();
        var (machine, _) = await installation.RunAsync(change: spec => spec with { MemoryBytes = 1L << 30 });

        (await DockerUnderTest.RunInsideAsync(machine.Id, "sudo -n id -u")).Text.ShouldBe("0");
        (await DockerUnderTest.RunInsideAsync(machine.Id, $"sudo -n cat {MachineArchive.SecretPath}")).Text.ShouldBe(machine.Secret);
        (await DockerUnderTest.RunInsideAsync(machine.Id, "touch ~/mine && touch ~/cloudfiles/code/Users/ada/mine && touch /mnt/mine")).Text.ShouldBeEmpty();
        (await DockerUnderTest.RunInsideAsync(machine.Id, "stat -c %U ~ ~/mine ~/cloudfiles/code/Users/ada/mine")).Text.ShouldBe("azureuser\nazureuser\nazureuser");
    }

    [Fact]
    public async Task Sudo_does_not_work_without_root_access()
    {
        await using var installation = Workstation();
        var (machine, _) = await installation.RunAsync(change: spec => spec with { MemoryBytes = 1L << 30, RootAccess = false });

        (await DockerUnderTest.RunInsideAsync(machine.Id, "sudo -n id -u")).ExitCode.ShouldNotBe(0);
        (await DockerUnderTest.RunInsideAsync(machine.Id, "id -un")).Text.ShouldBe("azureuser");
    }

    [Fact]
    public async Task A_stop_is_in_order_and_does_not_use_up_its_grace()
    {
        await using var installation = Workstation();
        var (machine, _) = await installation.RunAsync(change: spec => spec with { MemoryBytes = 1L << 30 });
        var watch = Stopwatch.StartNew();

        await installation.Docker.StopMachineAsync(machine.Id, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(25));
        var stopped = await installation.Docker.InspectMachineAsync(machine.Id, TestContext.Current.CancellationToken);
        stopped.ShouldNotBeNull().ExitReason.ShouldNotBeNull().ShouldNotContain("137");
    }

    private DockerUnderTest Workstation()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Image), "CARREL_TEST_IMAGE names no workstation image.");
        return new DockerUnderTest(run, options => options with { Image = Image! });
    }
}
