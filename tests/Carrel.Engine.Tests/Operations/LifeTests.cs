using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;
using NodaTime;

namespace Carrel.Engine.Tests.Operations;

/// <summary>Create, start, stop, restart and delete when everything goes well.</summary>
public sealed class LifeTests
{
    [Fact(DisplayName = "1.T5, 1.T25 A creation goes through Creating and SettingUp and succeeds only at Running")]
    public async Task Statement_1_T5_and_1_T25_a_creation_goes_through_Creating_and_SettingUp_and_succeeds_only_at_Running()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        Gate start = engine.Hold("StartMachineAsync");
        var configure = new Gate();
        engine.Agents.BeforeConnect = configure.PassAsync;

        InstanceWriteOutcome accepted = await engine.PutAsync("desk");
        accepted.IsNew.ShouldBeTrue();
        accepted.Instance.State.State.ShouldBe(InstanceState.Creating);
        accepted.Instance.State.Provisioning.ShouldBe(ProvisioningState.Creating);
        await start.Reached;
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.Creating);
        start.Open();
        await configure.Reached;
        ComputeInstance settingUp = (await engine.FindAsync("desk"))!;
        settingUp.State.State.ShouldBe(InstanceState.SettingUp);
        settingUp.State.LastOperation!.Outcome.ShouldBe(LastOperationOutcome.InProgress);
        (await engine.Store.ReadAsync(view => view.FindOperation(accepted.Operation.Id)))!.Status.ShouldBe(OperationStatus.InProgress);
        configure.Open();

        (await engine.EndAsync(accepted.Operation)).Status.ShouldBe(OperationStatus.Succeeded);
        ComputeInstance running = (await engine.FindAsync("desk"))!;
        running.State.State.ShouldBe(InstanceState.Running);
        running.State.Provisioning.ShouldBe(ProvisioningState.Succeeded);
        running.State.PrivateAddress.ShouldNotBeNull();
        running.State.ImageVersion.ShouldBe("26.11.21");
        engine.Agents.Applied.ShouldContain(settings => settings.InstanceName == "desk" && settings.OwnerAlias == "ann");
    }

    [Fact(DisplayName = "1.T6 Every operation of a user is the last one when it has succeeded")]
    public async Task Statement_1_T6_every_operation_of_a_user_is_the_last_one_when_it_has_succeeded()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        Last(await engine.RunningAsync("desk")).ShouldBe((OperationName.Create, "Succeeded", OperationTrigger.User));

        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        ComputeInstance stopped = (await engine.FindAsync("desk"))!;
        stopped.State.State.ShouldBe(InstanceState.Stopped);
        stopped.State.PrivateAddress.ShouldBeNull();
        Last(stopped).ShouldBe((OperationName.Stop, "Succeeded", OperationTrigger.User));
        (await engine.Host.ListMachinesAsync(default)).Single().Phase.ShouldBe(MachinePhase.Stopped);

        await engine.EndAsync(await engine.BeginStartAsync("desk"));
        Last(await engine.UntilAsync("desk", InstanceState.Running)).ShouldBe((OperationName.Start, "Succeeded", OperationTrigger.User));

        await engine.EndAsync(await engine.BeginRestartAsync("desk"));
        Last(await engine.UntilAsync("desk", InstanceState.Running)).ShouldBe((OperationName.Restart, "Succeeded", OperationTrigger.User));
    }

    [Theory(DisplayName = "1.T25 An operation shows its own state until it ends")]
    [InlineData("start", "StartMachineAsync", InstanceState.Starting)]
    [InlineData("stop", "StopMachineAsync", InstanceState.Stopping)]
    [InlineData("restart", "StopMachineAsync", InstanceState.Restarting)]
    [InlineData("delete", "DeleteMachineAsync", InstanceState.Deleting)]
    public async Task Statement_1_T25_an_operation_shows_its_own_state_until_it_ends(string call, string verb, InstanceState during)
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        if (call == "start")
            await engine.EndAsync(await engine.BeginStopAsync("desk"));
        Gate gate = engine.Hold(verb);
        Operation operation = call switch
        {
            "start" => await engine.BeginStartAsync("desk"),
            "stop" => await engine.BeginStopAsync("desk"),
            "restart" => await engine.BeginRestartAsync("desk"),
            _ => (await engine.BeginDeleteAsync("desk"))!,
        };
        await gate.Reached;
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(during);
        (await engine.Store.ReadAsync(view => view.FindOperation(operation.Id)))!.Status.ShouldBe(OperationStatus.InProgress);
        gate.Open();
        (await engine.EndAsync(operation)).Status.ShouldBe(OperationStatus.Succeeded);
        ComputeInstance? end = await engine.FindAsync("desk");
        (end?.State.State).ShouldBe(call switch { "stop" => InstanceState.Stopped, "delete" => null, _ => InstanceState.Running });
    }

    [Fact(DisplayName = "1.T7, 1.T9 Calls in the wrong state name the call and the state")]
    public async Task Statement_1_T7_and_1_T9_calls_in_the_wrong_state_name_the_call_and_the_state()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        Gate gate = engine.Hold("StopMachineAsync");
        Operation stop = await engine.BeginStopAsync("desk");
        RefusedException starting = await Should.ThrowAsync<RefusedException>(() => engine.BeginStartAsync("desk"));
        starting.Kind.ShouldBe(RefusalKind.Conflict);
        starting.Findings[0].Code.ShouldBe("ComputeOperationConflict");
        starting.Message.ShouldContain("Start");
        starting.Message.ShouldContain("Stopping");
        (await engine.BeginStopAsync("desk")).Id.ShouldBe(stop.Id);
        gate.Open();
        await engine.EndAsync(stop);
        RefusedException restarting = await Should.ThrowAsync<RefusedException>(() => engine.BeginRestartAsync("desk"));
        restarting.Message.ShouldContain("Restart");
        restarting.Message.ShouldContain("Stopped");
    }

    [Fact]
    public async Task What_is_wrong_with_a_body_is_said_before_the_state_does_not_allow_it()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        Gate gate = engine.Hold("StartMachineAsync");
        await engine.PutAsync("desk");
        await gate.Reached;
        async Task<string> CodeAsync(string more) =>
            (await Should.ThrowAsync<RefusedException>(() => engine.PutAsync("desk", EngineUnderTest.Body(more: more)))).Findings[0].Code;
        (await CodeAsync("\"idleTimeBeforeShutdown\":\"PT14M\"")).ShouldBe("InvalidIdleTime");
        (await CodeAsync("\"enableRootAccess\":false")).ShouldBe("ComputeInstanceImmutableProperty");
        (await CodeAsync("\"idleTimeBeforeShutdown\":\"PT15M\"")).ShouldBe("ComputeOperationConflict");
        gate.Open();
    }

    [Fact(DisplayName = "1.T8, 1.T26 A call without work is complete at once and changes nothing")]
    public async Task Statement_1_T8_and_1_T26_a_call_without_work_is_complete_at_once_and_changes_nothing()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance running = await engine.RunningAsync("desk");
        (await engine.BeginStartAsync("desk")).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.FindAsync("desk"))!.State.LastOperation.ShouldBe(running.State.LastOperation);
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        ComputeInstance stopped = (await engine.FindAsync("desk"))!;
        (await engine.BeginStopAsync("desk")).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.FindAsync("desk"))!.State.LastOperation.ShouldBe(stopped.State.LastOperation);
    }

    [Fact(DisplayName = "1.T12 A deleted instance leaves nothing and its name is free")]
    public async Task Statement_1_T12_a_deleted_instance_leaves_nothing_and_its_name_is_free()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance first = await engine.RunningAsync("desk");
        (await engine.EndAsync(await engine.BeginDeleteAsync("desk"))).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.FindAsync("desk")).ShouldBeNull();
        (await engine.Host.ListMachinesAsync(default)).ShouldBeEmpty();
        (await engine.BeginDeleteAsync("desk")).ShouldBeNull();
        (await engine.RunningAsync("desk")).Uid.ShouldNotBe(first.Uid);
    }

    [Fact]
    public async Task Every_operation_writes_an_event_when_it_is_accepted_and_one_when_it_ends()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        await engine.EndAsync(await engine.BeginDeleteAsync("desk"));
        IReadOnlyList<ActivityEvent> events = await engine.Store.ReadAsync(view => view.ListEvents(EngineUnderTest.Address("desk").ResourceId, 100));
        events.Reverse().Select(happened => (happened.Action.Split("computes/")[1], happened.Outcome)).ShouldBe(
        [
            ("write", "Accepted"), ("write", "Succeeded"),
            ("stop/action", "Accepted"), ("stop/action", "Succeeded"),
            ("delete", "Accepted"), ("delete", "Succeeded"),
        ]);
        events.ShouldAllBe(happened => happened.Actor == EngineUnderTest.Ann && happened.Cause == "User");
        events.GroupBy(happened => happened.CorrelationId).Count().ShouldBe(3);
    }

    [Fact]
    public async Task Ended_operations_are_forgotten_after_a_day_and_not_before()
    {
        using var home = new EngineHome();
        Operation young;
        Operation old;
        await using (EngineUnderTest engine = await EngineUnderTest.StartAsync(home))
        {
            await engine.AddWorkspaceAsync();
            await engine.RunningAsync("desk");
            old = await engine.BeginStartAsync("desk");
            young = await engine.BeginStartAsync("desk");
            Instant now = SystemClock.Instance.GetCurrentInstant();
            await engine.Store.WriteAsync(transaction =>
            {
                transaction.Update(old with { EndedAt = now - Duration.FromHours(24) - Duration.FromMinutes(1) });
                transaction.Update(young with { EndedAt = now - Duration.FromHours(24) + Duration.FromMinutes(5) });
                return true;
            });
            await EngineUnderTest.UntilAsync(async () => await engine.Store.ReadAsync(view => view.FindOperation(old.Id)) is null, "the old operation to be forgotten");
            (await engine.Store.ReadAsync(view => view.FindOperation(young.Id))).ShouldNotBeNull();
        }
    }

    private static (OperationName, string, OperationTrigger) Last(ComputeInstance instance) =>
        (instance.State.LastOperation!.Name, instance.State.LastOperation.StatusWord, instance.State.LastOperation.Trigger);
}
