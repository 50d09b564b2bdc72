using Carrel.Agent.Rescue;
using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Tests.Rescue;

/// <summary>The disk rule inside the machine (contract 1.4). Every threshold is above or below what any disk has.</summary>
public sealed class RescueTests
{
    private const long MoreThanAnyDisk = long.MaxValue;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1023, 1024, true)]
    [InlineData(1024, 1024, false)]
    [InlineData(0, 1024, true)]
    [InlineData(0, 0, false)]
    public void Fewer_bytes_than_the_limit_lead_to_rescue_mode_and_a_limit_of_zero_never_does(long free, long below, bool rescue)
    {
        var decision = RescueRule.Decide(free, below);
        decision.Rescue.ShouldBe(rescue);
        decision.Reason.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_boot_without_room_is_told_to_Jupyter_and_to_the_server()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        var health = await agent.ConfigureAsync(MachineTree.Settings() with { RescueBelowBytes = MoreThanAnyDisk }, Stop);

        health.Rescue.ShouldBeTrue();
        health.FreeBytes.ShouldBeGreaterThan(0);
        (await Environment(machine)).ShouldContain("CARREL_RESCUE='1'");
    }

    [Fact]
    public async Task A_boot_with_room_is_whole()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        (await agent.ConfigureAsync(MachineTree.Settings() with { RescueBelowBytes = 1 }, Stop)).Rescue.ShouldBeFalse();
        (await Environment(machine)).ShouldNotContain(line => line.StartsWith("CARREL_RESCUE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_fills_up_while_somebody_works_changes_nothing_until_the_next_boot()
    {
        await using var machine = await TestMachine.StartAsync();
        await using (var agent = await machine.ConnectAsync())
        {
            await agent.ConfigureAsync(MachineTree.Settings() with { RescueBelowBytes = 0 }, Stop);
            (await agent.ConfigureAsync(MachineTree.Settings() with { RescueBelowBytes = MoreThanAnyDisk }, Stop)).Rescue.ShouldBeFalse();
        }

        // The agent alone starts again: the same boot.
        await machine.HaltAsync();
        await machine.BootAsync();
        await using (var agent = await machine.ConnectAsync())
        {
            (await agent.ConfigureAsync(MachineTree.Settings() with { RescueBelowBytes = MoreThanAnyDisk }, Stop)).Rescue.ShouldBeFalse();
        }

        // A boot empties the run folder.
        await machine.HaltAsync();
        File.Delete(machine.Tree.In("run/boot-mode"));
        await machine.BootAsync();
        await using (var agent = await machine.ConnectAsync())
        {
            (await agent.ConfigureAsync(MachineTree.Settings() with { RescueBelowBytes = MoreThanAnyDisk }, Stop)).Rescue.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Settings_hold_even_if_they_cannot_be_kept_for_the_next_start()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        // A folder in the place of the file: writing fails as it does on a full disk.
        Directory.CreateDirectory(machine.Tree.In("state/settings.json/in-the-way"));
        var health = await agent.ConfigureAsync(MachineTree.Settings(version: 3), Stop);

        health.SettingsVersion.ShouldBe(3);
        health.Problems.Single().ShouldContain("could not be kept");
        health.Services[0].State.ShouldBe(ServiceState.Up);
    }

    private static Task<string[]> Environment(TestMachine machine) => File.ReadAllLinesAsync(machine.Tree.In("run/settings.env"), Stop);
}
