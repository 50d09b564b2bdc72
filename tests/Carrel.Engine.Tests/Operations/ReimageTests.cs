using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Operations;

/// <summary>A fresh machine from the newest image; everything that is not on the private disk stays (contract 14).</summary>
public sealed class ReimageTests
{
    private const string Settings = """
        "idleTimeBeforeShutdown":"PT30M","schedules":{"computeStartStop":[{"action":"Stop","triggerType":"Cron","cron":{"expression":"0 18 * * *"}}]}
        """;

    [Fact(DisplayName = "14.T8 A reimage keeps id, settings and owner's folder, and loses the private disk")]
    public async Task A_reimage_keeps_everything_but_the_private_disk()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance before = await engine.RunningAsync("desk", EngineUnderTest.Body(more: Settings));
        engine.Host.WriteHome(before.Uid, "local", "mine");
        engine.Home.Machines.ImageVersion = "26.12.01";

        Operation operation = await engine.EndAsync(await BeginAsync(engine));

        operation.Status.ShouldBe(OperationStatus.Succeeded);
        ComputeInstance after = (await engine.FindAsync("desk"))!;
        (after.State.State, after.State.ImageVersion).ShouldBe((InstanceState.Running, "26.12.01"));
        after.State.LastOperation.ShouldSatisfyAllConditions(
            last => last!.Name.ShouldBe(OperationName.Reimage), last => last!.StatusWord.ShouldBe("Succeeded"), last => last!.Trigger.ShouldBe(OperationTrigger.User));
        (after.Uid, after.OwnerAlias, after.Address).ShouldBe((before.Uid, before.OwnerAlias, before.Address));
        ModelJson.Same(after.Model, before.Model).ShouldBeTrue();
        engine.Host.ReadHome(before.Uid, "local").ShouldBeNull();
        (await engine.Host.ListMachinesAsync(default)).ShouldHaveSingleItem().Phase.ShouldBe(MachinePhase.Running);
        IReadOnlyList<ActivityEvent> events = await engine.Store.ReadAsync(view => view.ListEvents(before.Address.ResourceId, 2));
        events.Select(happened => (happened.Action, happened.Outcome)).ShouldBe(
            [("Microsoft.MachineLearningServices/workspaces/computes/reimage/action", "Succeeded"), ("Microsoft.MachineLearningServices/workspaces/computes/reimage/action", "Accepted")]);
    }

    [Fact]
    public async Task A_machine_that_the_host_could_not_make_again_is_not_taken_away()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(change: options => options with { Capacity = CapacityPolicy.Refuse });
        await engine.AddWorkspaceAsync();
        ComputeInstance before = await engine.RunningAsync("desk", EngineUnderTest.Body("Standard_DS3_v2"));
        engine.Host.WriteHome(before.Uid, "local", "mine");
        engine.Host.Capacity = new HostCapacity(2, 4L << 30);

        Operation failed = await engine.EndAsync(await BeginAsync(engine));

        (failed.Status, failed.Error!.Code).ShouldBe((OperationStatus.Failed, "InsufficientCapacity"));
        engine.Host.ReadHome(before.Uid, "local").ShouldBe("mine");
    }

    [Fact]
    public async Task A_stopped_instance_has_a_fresh_machine_and_stays_stopped()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance before = await engine.RunningAsync("desk");
        engine.Host.WriteHome(before.Uid, "local", "mine");
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        engine.Home.Machines.ImageVersion = "26.12.01";
        Gate gate = engine.Hold("EnsureMachineAsync");
        Operation operation = await BeginAsync(engine);
        await gate.Reached;
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.Stopping);
        (await engine.BeginStopAsync("desk")).Id.ShouldBe(operation.Id, "a stop waits for the same end");
        gate.Open();

        (await engine.EndAsync(operation)).Status.ShouldBe(OperationStatus.Succeeded);
        ComputeInstance after = (await engine.FindAsync("desk"))!;
        (after.State.State, after.State.ImageVersion, after.State.PrivateAddress).ShouldBe((InstanceState.Stopped, "26.12.01", null));
        (await engine.Host.ListMachinesAsync(default)).ShouldHaveSingleItem().Phase.ShouldBe(MachinePhase.Made);
        await engine.EndAsync(await engine.BeginStartAsync("desk"));
        (await engine.UntilAsync("desk", InstanceState.Running)).State.ImageVersion.ShouldBe("26.12.01");
        engine.Host.ReadHome(before.Uid, "local").ShouldBeNull();
    }

    [Fact]
    public async Task While_it_runs_it_shows_Restarting_and_no_other_call_is_taken_but_a_deletion()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        Gate gate = engine.Hold("DeleteMachineAsync");
        Operation operation = await BeginAsync(engine);
        await gate.Reached;
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.Restarting);
        RefusedException again = await Should.ThrowAsync<RefusedException>(() => BeginAsync(engine));
        again.Message.ShouldContain("Reimage");
        again.Message.ShouldContain("Restarting");
        Operation deletion = (await engine.BeginDeleteAsync("desk"))!;
        gate.Open();
        (await engine.EndAsync(deletion)).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.EndAsync(operation)).Status.ShouldBe(OperationStatus.Canceled);
        (await engine.Host.ListMachinesAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reimage_that_fails_ends_in_Stopped_with_ReimageFailed_and_the_next_start_makes_the_machine()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        FailureTests.Refuse(engine.Host, "EnsureMachineAsync", "ImageNotFound");
        (await engine.EndAsync(await BeginAsync(engine))).Status.ShouldBe(OperationStatus.Failed);
        ComputeInstance failed = (await engine.FindAsync("desk"))!;
        failed.State.State.ShouldBe(InstanceState.Stopped);
        failed.State.LastOperation!.StatusWord.ShouldBe("ReimageFailed");
        failed.State.Errors!.Single().Code.ShouldBe("ImageNotFound");
        engine.Host.BeforeVerb = null;
        (await engine.EndAsync(await engine.BeginStartAsync("desk"))).Status.ShouldBe(OperationStatus.Succeeded);
    }

    [Fact]
    public async Task A_server_that_ends_after_the_new_machine_was_made_does_not_make_it_again()
    {
        using var home = new EngineHome();
        Operation operation;
        Guid uid;
        await using (EngineUnderTest first = await EngineUnderTest.StartAsync(home))
        {
            await first.AddWorkspaceAsync();
            uid = (await first.RunningAsync("desk")).Uid;
            first.Host.WriteHome(uid, "old", "lost");
            Gate gate = first.Hold("StartMachineAsync");
            operation = await BeginAsync(first);
            await gate.Reached;
            first.Host.WriteHome(uid, "new", "kept");
        }

        await using EngineUnderTest second = await EngineUnderTest.StartAsync(home);
        (await second.EndAsync(operation)).Status.ShouldBe(OperationStatus.Succeeded);
        (second.Host.ReadHome(uid, "old"), second.Host.ReadHome(uid, "new")).ShouldBe((null, "kept"));
    }

    private static Task<Operation> BeginAsync(EngineUnderTest engine) =>
        engine.Get<InstanceCommands>().ReimageAsync(EngineUnderTest.Address("desk"), EngineUnderTest.As(), default);
}
