using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using Carrel.TestKit.Engines;
using static Carrel.Engine.Tests.Schedules.Office;

namespace Carrel.Engine.Tests.Schedules;

/// <summary>Schedules of a real engine, on a clock that is set (contract 3.5).</summary>
public sealed class ScheduledActionTests
{
    [Fact(DisplayName = "1.T6, 3.T3 A scheduled stop and start are the service's, and lastOperation says Schedule")]
    public async Task A_scheduled_stop_and_start_are_the_service_s()
    {
        await using Office office = await OpenAsync("17:30:00", Cron("Stop", "0 18 * * *"), Cron("Start", "30 18 * * *"));
        office.Set("17:59:59.5");
        ScheduleFiring stop = (await office.DecidedAsync())[0];
        stop.Outcome.ShouldBe(FiringOutcome.Ran);
        stop.Due.ToDateTimeOffset().ShouldBe(At("18:00:00"));
        Operation operation = await office.EndAsync(stop);
        operation.Status.ShouldBe(OperationStatus.Succeeded);
        operation.StartedBy.ShouldBe(Service.Principal);
        operation.Trigger.ShouldBe(OperationTrigger.Schedule);
        ComputeInstance stopped = await office.DeskAsync();
        stopped.State.State.ShouldBe(InstanceState.Stopped);
        stopped.State.LastOperation.ShouldBe(new LastOperation(OperationName.Stop, LastOperationOutcome.Succeeded, OperationTrigger.Schedule, stopped.State.LastOperation!.Time));
        (await office.Engine.Host.ListMachinesAsync(default)).Single().Phase.ShouldBe(MachinePhase.Stopped);
        ActivityEvent accepted = (await office.EventsAsync("Stop by cron '0 18 * * *' (UTC), due at 2026-11-25T18:00:00Z")).Single();
        (accepted.Outcome, accepted.Cause, accepted.Actor.Name).ShouldBe(("Accepted", "Schedule", "Carrel"));

        office.Set("18:29:59.5");
        ScheduleFiring start = (await office.DecidedAsync(2))[0];
        await office.EndAsync(start);
        Last(await office.DeskAsync()).ShouldBe((OperationName.Start, LastOperationOutcome.Succeeded, OperationTrigger.Schedule));
    }

    [Fact(DisplayName = "3.T3 The 18:00 stop of a stopped instance is a no-op")]
    public async Task A_stop_of_a_stopped_instance_is_a_no_op()
    {
        await using Office office = await OpenAsync("17:30:00", Cron("Stop", "0 18 * * *"));
        await office.StopAsync();
        LastOperation before = (await office.DeskAsync()).State.LastOperation!;
        office.Set("18:00:00");
        (await office.DecidedAsync())[0].Outcome.ShouldBe(FiringOutcome.NoOp);
        (await office.DeskAsync()).State.LastOperation.ShouldBe(before);
        (await office.EventsAsync("There was nothing to do: the instance was Stopped.")).Single().Outcome.ShouldBe("Succeeded");
    }

    [Fact(DisplayName = "3.T9 Down from 17:55 to 18:10: no stop, one Skipped: Missed, and 18:00 of the next day stops")]
    public async Task A_stop_that_was_missed_is_not_made_up()
    {
        await using Office office = await OpenAsync("17:55:00", Cron("Stop", "0 18 * * *"));
        await office.RestartAsync("18:10:00");
        ScheduleFiring missed = (await office.DecidedAsync())[0];
        missed.Outcome.ShouldBe(FiringOutcome.Missed);
        await LooksAsync();
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Running);
        ActivityEvent told = (await office.EventsAsync("Skipped: Missed")).Single();
        told.Detail!.ShouldContain("2026-11-25T18:00:00Z");
        (told.Outcome, told.Cause).ShouldBe(("Skipped", "Schedule"));

        office.Clock.Set(At("18:00:00").AddDays(1));
        await office.EndAsync((await office.DecidedAsync(2))[0]);
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Stopped);
    }

    [Fact(DisplayName = "3.T10 Back at 18:00:40: the 18:00 stop runs")]
    public async Task A_stop_of_less_than_a_minute_ago_runs_at_the_start_of_the_server()
    {
        await using Office office = await OpenAsync("17:55:00", Cron("Stop", "0 18 * * *"));
        await office.RestartAsync("18:00:40");
        await office.EndAsync((await office.DecidedAsync())[0]);
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Stopped);
    }

    [Fact(DisplayName = "3.T11 A start that is due while it stops runs once it is stopped")]
    public async Task A_start_that_is_due_while_it_stops_runs_once_it_is_stopped()
    {
        await using Office office = await OpenAsync("07:55:00", Cron("Start", "0 8 * * *"));
        Gate gate = office.Engine.Hold("StopMachineAsync");
        Operation stop = await office.Engine.BeginStopAsync("desk");
        await gate.Reached;
        office.Set("08:00:00");
        await EngineUnderTest.UntilAsync(async () => (await office.FiringsAsync()) is [{ Outcome: FiringOutcome.Deferred }], "a deferred start");
        gate.Open();
        await office.Engine.EndAsync(stop);
        ScheduleFiring start = (await office.DecidedAsync())[0];
        start.Outcome.ShouldBe(FiringOutcome.Ran);
        await office.EndAsync(start);
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Running);
    }

    [Fact(DisplayName = "3.T11 A deferred start is skipped when somebody has pressed start meanwhile")]
    public async Task A_deferred_start_is_skipped_when_somebody_has_pressed_start_meanwhile()
    {
        await using Office office = await OpenAsync("07:55:00", Cron("Start", "0 8 * * *"));
        Gate stopping = office.Engine.Hold("StopMachineAsync");
        Operation stop = await office.Engine.BeginStopAsync("desk");
        await stopping.Reached;
        office.Set("08:00:00");
        await EngineUnderTest.UntilAsync(async () => (await office.FiringsAsync()) is [{ Outcome: FiringOutcome.Deferred }], "a deferred start");
        // In one write, so that it comes before the executor's next look: stopped, and started by Ann at once.
        await office.Engine.Store.WriteAsync(transaction =>
        {
            ComputeInstance desk = transaction.FindInstance(EngineUnderTest.Address("desk"))!;
            transaction.Update(stop with { Status = OperationStatus.Succeeded, EndedAt = stop.CreatedAt });
            transaction.Insert(stop with
            {
                Id = Guid.NewGuid(),
                Kind = OperationKind.Start,
                CreatedAt = NodaTime.Instant.FromDateTimeOffset(office.Clock.GetUtcNow()),
                PreviousState = InstanceState.Stopped,
            });
            transaction.Update(desk with { State = desk.State with { State = InstanceState.Starting } });
            return true;
        });
        stopping.Open();
        ScheduleFiring start = (await office.DecidedAsync())[0];
        start.Outcome.ShouldBe(FiringOutcome.Conflict);
        start.Reason.ShouldContain("a Start of ann@contoso.com");
        (await office.EventsAsync("Skipped: Conflict")).Count.ShouldBe(1);
    }

    [Fact(DisplayName = "3.T12 Start and Stop at 09:00 stop a running instance and leave a stopped one stopped")]
    public async Task Start_and_stop_at_one_instant()
    {
        await using Office office = await OpenAsync("08:55:00", Cron("Start", "0 9 * * *"), Cron("Stop", "0 9 * * *"));
        office.Set("09:00:00");
        IReadOnlyList<ScheduleFiring> firings = await office.DecidedAsync(2);
        firings.Single(firing => firing.Action == ScheduleAction.Start).Outcome.ShouldBe(FiringOutcome.Conflict);
        await office.EndAsync(firings.Single(firing => firing.Action == ScheduleAction.Stop));
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Stopped);

        office.Clock.Set(At("09:00:00").AddDays(1));
        firings = await office.DecidedAsync(4);
        firings.Take(2).Select(firing => (firing.Action, firing.Outcome)).ShouldBe(
            [(ScheduleAction.Start, FiringOutcome.Conflict), (ScheduleAction.Stop, FiringOutcome.NoOp)], ignoreOrder: true);
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Stopped);
    }

    [Fact(DisplayName = "3.T15 Disabled and then enabled after its time it does not fire retroactively, not even after a restart")]
    public async Task What_is_enabled_after_its_time_does_not_fire_retroactively()
    {
        await using Office office = await OpenAsync("17:55:00", Cron("Stop", "0 18 * * *", ""","status":"Disabled" """));
        Guid id = (await office.DeskAsync()).Model.Schedules[0].Id;
        office.Set("18:00:20");
        await LooksAsync();
        await office.UpdateAsync(Cron("Stop", "0 18 * * *", $$""","id":"{{id}}" """));
        await office.RestartAsync("18:00:40");
        await LooksAsync();
        (await office.FiringsAsync()).ShouldBeEmpty();
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Running);
        office.Clock.Set(At("18:00:00").AddDays(1));
        (await office.DecidedAsync())[0].Outcome.ShouldBe(FiringOutcome.Ran);
    }

    [Fact]
    public async Task Disabled_and_past_its_end_it_never_fires_and_removed_it_is_forgotten()
    {
        await using Office office = await OpenAsync(
            "17:55:00",
            Cron("Stop", "0 18 * * *", ""","status":"Disabled" """),
            """{"action":"Stop","triggerType":"Cron","cron":{"expression":"0 18 * * *","endTime":"2026-11-25T17:59:00"}}""",
            Cron("Stop", "1 18 * * *"));
        await office.UpdateAsync([.. (await office.DeskAsync()).Model.Schedules.Take(2).Select((schedule, index) =>
            Cron("Stop", "0 18 * * *", $$""","id":"{{schedule.Id}}","status":"Disabled" """))]);
        office.Set("18:01:00");
        await LooksAsync();
        (await office.FiringsAsync()).ShouldBeEmpty();
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Running);
    }

    [Fact]
    public async Task A_changed_trigger_fires_at_its_new_time_and_not_at_its_old_one()
    {
        await using Office office = await OpenAsync("17:55:00", Cron("Stop", "0 18 * * *"));
        Guid id = (await office.DeskAsync()).Model.Schedules[0].Id;
        await office.UpdateAsync(Cron("Stop", "5 18 * * *", $$""","id":"{{id}}" """));
        office.Set("18:00:00");
        await LooksAsync();
        (await office.FiringsAsync()).ShouldBeEmpty();
        office.Set("18:05:00");
        (await office.DecidedAsync())[0].Due.ToDateTimeOffset().ShouldBe(At("18:05:00"));
    }

    [Fact]
    public async Task A_start_without_quota_fails_and_the_instance_says_why()
    {
        await using Office office = await OpenAsync("07:55:00", Cron("Start", "0 8 * * *"));
        await office.Engine.RunningAsync("spare", EngineUnderTest.Body(more: """
            "releaseQuotaOnStop":true,"schedules":{"computeStartStop":[{"action":"Start","triggerType":"Cron","cron":{"expression":"0 9 * * *"}}]}
            """));
        await office.Engine.EndAsync(await office.Engine.BeginStopAsync("spare"));
        await office.Engine.Store.WriteAsync(transaction =>
        {
            transaction.Save(EngineUnderTest.Subscription, "local", new Instances.Quota.QuotaSetting(Instances.Quota.QuotaKind.TotalDedicated, "", null, 1));
            return true;
        });
        office.Set("09:00:00");
        ComputeInstance? spare = null;
        await EngineUnderTest.UntilAsync(async () => (spare = await office.Engine.FindAsync("spare"))!.State.LastOperation!.Outcome == LastOperationOutcome.Failed, "a failed start");
        Last(spare!).ShouldBe((OperationName.Start, LastOperationOutcome.Failed, OperationTrigger.Schedule));
        spare!.State.State.ShouldBe(InstanceState.Stopped);
        spare.State.Errors![0].Code.ShouldBe("ClusterCoreQuotaReached");
        (await office.Engine.Store.ReadAsync(view => view.ListFirings(spare.Uid, 5))).Single().Outcome.ShouldBe(FiringOutcome.Failed);
    }

    [Fact]
    public async Task A_stored_schedule_that_cannot_be_read_keeps_no_other_from_firing()
    {
        await using Office office = await OpenAsync("17:55:00", Cron("Stop", "0 18 * * *"));
        await office.Engine.RunningAsync("broken");
        await office.Engine.Store.WriteAsync(transaction =>
        {
            ComputeInstance broken = transaction.FindInstance(EngineUnderTest.Address("broken"))!;
            var nowhere = new ScheduleModel(Guid.NewGuid(), ScheduleStatus.Enabled, ScheduleAction.Stop, new CronModel(null, null, "Nowhere", "0 18 * * *"), null, broken.CreatedOn);
            transaction.Update(broken with { Model = broken.Model with { Schedules = [nowhere] } });
            return true;
        });
        await office.RestartAsync("17:59:00");
        office.Set("18:00:00");
        (await office.DecidedAsync())[0].Outcome.ShouldBe(FiringOutcome.Ran);
        (await office.Engine.FindAsync("broken"))!.State.State.ShouldBe(InstanceState.Running);
    }

    [Fact]
    public async Task What_was_missed_by_a_long_outage_is_told_in_one_line_a_schedule()
    {
        await using Office office = await OpenAsync("06:00:00", Cron("Start", "* * * * *"));
        await office.RestartAsync("12:00:30");
        await EngineUnderTest.UntilAsync(async () => (await office.EventsAsync("occurrences from 2026-11-25T06:0")).Count == 1, "a line");
        (await office.EventsAsync("Skipped: Missed")).Count.ShouldBe(1);
    }

    private static (OperationName, LastOperationOutcome, OperationTrigger) Last(ComputeInstance instance) =>
        (instance.State.LastOperation!.Name, instance.State.LastOperation.Outcome, instance.State.LastOperation.Trigger);
}
