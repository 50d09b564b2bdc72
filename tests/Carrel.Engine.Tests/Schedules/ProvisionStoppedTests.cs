using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.TestKit.Engines;
using static Carrel.Engine.Tests.Schedules.Office;

namespace Carrel.Engine.Tests.Schedules;

/// <summary>Instances that are made stopped, for their schedule to start them (contract 3.5).</summary>
public sealed class ProvisionStoppedTests
{
    private const string Stopped = """
        "provisionStopped":true,
        "setupScripts":{"scripts":{"creationScript":{"scriptSource":"inline","scriptData":"ZWNobw=="}}},
        "schedules":{"computeStartStop":[{"action":"Start","triggerType":"Cron","cron":{"expression":"0 8 * * *"}}]}
        """;

    [Fact(DisplayName = "3.T19 Made stopped it goes from Creating to Stopped, holds its quota, has a machine that never ran, and the creation script waits for the first start")]
    public async Task An_instance_that_is_made_stopped_holds_its_quota_and_is_started_by_its_schedule()
    {
        await using Office office = await OpenAsync("07:50:00");
        Gate gate = office.Engine.Hold("EnsureMachineAsync");
        InstanceWriteOutcome accepted = await office.Engine.PutAsync("night", EngineUnderTest.Body(more: Stopped));
        await gate.Reached;
        accepted.Instance.State.State.ShouldBe(InstanceState.Creating);
        gate.Open();
        (await office.Engine.EndAsync(accepted.Operation)).Status.ShouldBe(OperationStatus.Succeeded);
        ComputeInstance night = (await office.Engine.FindAsync("night"))!;
        (night.State.State, night.State.Provisioning).ShouldBe((InstanceState.Stopped, ProvisioningState.Succeeded));
        night.State.LastOperation.ShouldBe(new LastOperation(OperationName.Create, LastOperationOutcome.Succeeded, OperationTrigger.User, night.State.LastOperation!.Time));
        night.State.CreationScriptPending.ShouldBeTrue();
        (await office.Engine.Store.ReadAsync(view => view.CoresInUse(EngineUnderTest.Subscription, "local"))).Sum(family => family.Cores).ShouldBe(2, "desk's core and its own");
        (await office.Engine.Host.ListMachinesAsync(default)).Count(machine => machine.Phase == MachinePhase.Running).ShouldBe(1, "desk's alone");

        office.Set("08:00:00");
        await office.Engine.UntilAsync("night", InstanceState.Running);
        (await office.Engine.Store.ReadAsync(view => view.ListFirings(night.Uid, 5))).Single().Outcome.ShouldBe(FiringOutcome.Ran);
        (await office.Engine.FindAsync("night"))!.State.CreationScriptPending.ShouldBeTrue("what runs the script takes the mark away");
    }

    [Fact]
    public async Task A_creation_that_fails_ends_in_CreateFailed_and_the_same_body_makes_it_stopped_again()
    {
        await using Office office = await OpenAsync("07:50:00");
        office.Engine.Host.BeforeVerb = (verb, _) => verb == "EnsureMachineAsync" ? throw new HostRefusedException("NoSpace", "There is no space.") : Task.CompletedTask;
        Operation failed = await office.Engine.EndAsync((await office.Engine.PutAsync("night", EngineUnderTest.Body(more: Stopped))).Operation);
        failed.Status.ShouldBe(OperationStatus.Failed);
        (await office.Engine.FindAsync("night"))!.State.State.ShouldBe(InstanceState.CreateFailed);
        office.Engine.Host.BeforeVerb = null;
        (await office.Engine.EndAsync((await office.Engine.PutAsync("night", EngineUnderTest.Body(more: Stopped))).Operation)).Status.ShouldBe(OperationStatus.Succeeded);
        (await office.Engine.FindAsync("night"))!.State.State.ShouldBe(InstanceState.Stopped);
    }
}
