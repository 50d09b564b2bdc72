using Carrel.Engine.Operations;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Operations;

/// <summary>The disk rule of contract 1.4.</summary>
public sealed class RescueTests
{
    [Fact]
    public async Task A_machine_in_rescue_mode_runs_with_an_error_that_says_what_to_do_until_it_starts_with_room()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        (await engine.EndAsync(await engine.BeginStopAsync("desk"))).Status.ShouldBe(OperationStatus.Succeeded);

        engine.Home.Agents.Rescue = true;
        (await engine.EndAsync(await engine.BeginStartAsync("desk"))).Status.ShouldBe(OperationStatus.Succeeded);
        ComputeInstance rescued = (await engine.FindAsync("desk"))!;
        rescued.State.State.ShouldBe(InstanceState.Running);
        rescued.State.Errors!.Single().Code.ShouldBe("DiskFull");
        rescued.State.Errors!.Single().Message.ShouldContain("12 MiB free");

        engine.Home.Agents.Rescue = false;
        (await engine.EndAsync(await engine.BeginRestartAsync("desk"))).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.FindAsync("desk"))!.State.Errors.ShouldBeNull();
    }

    [Fact]
    public async Task The_operators_limit_reaches_the_machine()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(change: options => options with { RescueBelowBytes = 4711 });
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        engine.Home.Agents.Applied.Last().RescueBelowBytes.ShouldBe(4711);
    }
}
