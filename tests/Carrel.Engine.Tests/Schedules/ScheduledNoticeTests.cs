using Carrel.Engine.Events;
using Carrel.Engine.Notices;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Store;
using Carrel.TestKit.Engines;
using Dapper;
using System.Text.Json;
using static Carrel.Engine.Tests.Schedules.Office;

namespace Carrel.Engine.Tests.Schedules;

/// <summary>Notices before scheduled stops, on a clock that is set (contract 3.6).</summary>
public sealed class ScheduledNoticeTests
{
    [Fact]
    public async Task Fifteen_minutes_before_a_scheduled_stop_there_is_one_notice_and_one_event_and_afterwards_the_notice_says_what_came()
    {
        await using Office office = await OpenAsync("17:30:00", Cron("Stop", "0 18 * * *"));
        office.Set("17:44:50");
        await LooksAsync();
        (await office.NoticesAsync()).ShouldBeEmpty();
        office.Set("17:45:00");
        StopNotice notice = await office.NoticeAsync(_ => true);
        (notice.Kind, notice.State).ShouldBe((NoticeKind.ScheduledShutdownPending, NoticeState.Pending));
        notice.FireAt.ToDateTimeOffset().ShouldBe(At("18:00:00"));
        notice.ScheduleId.ShouldBe((await office.DeskAsync()).Model.Schedules[0].Id);
        await LooksAsync();
        (await office.NoticesAsync()).Count.ShouldBe(1);
        ActivityEvent told = (await office.EventsAsync("ScheduledShutdownPending")).Single();
        told.Detail!.ShouldContain("2026-11-25T18:00:00Z");
        told.Detail!.ShouldContain(notice.ScheduleId!.Value.ToString("D"));
        (told.Outcome, told.Cause).ShouldBe(("Active", "Schedule"));

        office.Set("18:00:00");
        await office.EndAsync((await office.DecidedAsync())[0]);
        StopNotice after = (await office.NoticesAsync()).Single();
        (after.State, after.Ending).ShouldBe((NoticeState.Done, "The instance was stopped."));
    }

    [Fact]
    public async Task A_stopped_instance_gets_no_notice_until_it_is_started_and_a_start_is_never_announced()
    {
        await using Office office = await OpenAsync("17:30:00", Cron("Stop", "0 18 * * *"), Cron("Start", "50 17 * * *", ""","status":"Disabled" """), Cron("Start", "55 17 * * *"));
        await office.StopAsync();
        office.Set("17:46:00");
        await LooksAsync();
        (await office.NoticesAsync()).ShouldBeEmpty();
        await office.Engine.EndAsync(await office.Engine.BeginStartAsync("desk"));
        (await office.NoticeAsync(_ => true)).FireAt.ToDateTimeOffset().ShouldBe(At("18:00:00"));
        await LooksAsync();
        (await office.NoticesAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stop_that_was_near_and_has_become_a_start_at_the_same_time_is_not_announced()
    {
        await using Office office = await OpenAsync("17:30:00", Cron("Stop", "0 18 * * *"));
        Guid schedule = (await office.DeskAsync()).Model.Schedules[0].Id;
        await office.StopAsync();
        office.Set("17:46:00");
        await LooksAsync();
        await office.UpdateAsync(Cron("Start", "0 18 * * *", $$""","id":"{{schedule:D}}" """));
        (await office.DeskAsync()).Model.Schedules[0].Id.ShouldBe(schedule, "otherwise this shows nothing");
        await LooksAsync();
        await office.Engine.EndAsync(await office.Engine.BeginStartAsync("desk"));
        await LooksAsync();
        (await office.NoticesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_schedule_that_is_saved_close_to_its_stop_is_announced_at_once()
    {
        await using Office office = await OpenAsync("17:50:00");
        await office.UpdateAsync(Cron("Stop", "0 18 * * *"));
        StopNotice notice = await office.NoticeAsync(_ => true);
        notice.ToldAt.ToDateTimeOffset().ShouldBeInRange(At("17:50:00"), At("17:51:00"));
    }

    [Fact]
    public async Task A_restart_of_the_server_neither_loses_nor_repeats_a_notice()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        StopNotice first = await office.NoticeAsync(_ => true);
        await office.RestartAsync("17:50:00");
        await LooksAsync();
        (await office.NoticesAsync()).ShouldBe([first]);
        (await office.EventsAsync("ScheduledShutdownPending")).Count.ShouldBe(1);
    }

    [Fact(DisplayName = "3.T16 Dismissing the 18:00 stop leaves the instance running past 18:00 and it is stopped at 18:00 of the next day")]
    public async Task A_dismissed_stop_does_not_come_and_the_next_one_does()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        StopNotice notice = await office.NoticeAsync(_ => true);
        await office.Engine.Get<NoticeCommands>().DismissAsync(EngineUnderTest.Address("desk"), notice.Id, EngineUnderTest.As(), default);
        office.Set("18:00:00");
        (await office.DecidedAsync())[0].Outcome.ShouldBe(FiringOutcome.Dismissed);
        await LooksAsync();
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Running);
        (await office.EventsAsync("Skipped: Dismissed")).Single().Detail!.ShouldContain("ann@contoso.com");
        (await office.NoticesAsync()).Single().State.ShouldBe(NoticeState.Dismissed);

        office.Clock.Set(At("17:50:00").AddDays(1));
        (await office.NoticeAsync(next => next.State == NoticeState.Pending)).FireAt.ToDateTimeOffset().ShouldBe(At("18:00:00").AddDays(1));
        office.Clock.Set(At("18:00:00").AddDays(1));
        await office.EndAsync((await office.DecidedAsync(2))[0]);
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Stopped);
    }

    [Fact]
    public async Task A_snoozed_stop_comes_later_and_is_told_again_before()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        StopNotice notice = await office.NoticeAsync(_ => true);
        await office.Engine.Get<NoticeCommands>().SnoozeAsync(
            EngineUnderTest.Address("desk"), notice.Id, JsonElement.Parse("""{"minutes":30}"""), EngineUnderTest.As(), default);
        office.Set("18:00:00");
        await LooksAsync();
        (await office.FiringsAsync()).ShouldBeEmpty();
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Running);

        office.Set("18:15:00");
        (await office.NoticeAsync(again => again.State == NoticeState.Pending && again.ToldAt > notice.ToldAt)).Id.ShouldBe(notice.Id);
        IReadOnlyList<ActivityEvent> told = await office.EventsAsync("ScheduledShutdownPending");
        told.Count.ShouldBe(2);
        told[0].Detail!.ShouldContain("2026-11-25T18:30:00Z");
        told[0].Detail!.ShouldContain("put off by 30 minutes");

        office.Set("18:30:00");
        ScheduleFiring stop = (await office.DecidedAsync())[0];
        stop.Due.ToDateTimeOffset().ShouldBe(At("18:00:00"), "it is the same occurrence");
        await office.EndAsync(stop);
        ComputeInstance desk = await office.DeskAsync();
        (desk.State.State, desk.State.LastOperation!.Trigger).ShouldBe((InstanceState.Stopped, OperationTrigger.Schedule));
        (await office.EventsAsync("stop/action")).ShouldContain(
            happened => happened.Outcome == "Accepted" && happened.Detail!.Contains("put off to 2026-11-25T18:30:00Z by ann@contoso.com"), "it says why it came at another time than the schedule's");
        await LooksAsync();
        (await office.FiringsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_snoozed_stop_survives_a_restart_of_the_server()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        StopNotice notice = await office.NoticeAsync(_ => true);
        await office.Engine.Get<NoticeCommands>().SnoozeAsync(
            EngineUnderTest.Address("desk"), notice.Id, JsonElement.Parse("""{"minutes":60}"""), EngineUnderTest.As(), default);
        await office.RestartAsync("18:30:00");
        await LooksAsync();
        (await office.FiringsAsync()).ShouldBeEmpty("it was put off, not missed");
        office.Set("19:00:00");
        await office.EndAsync((await office.DecidedAsync())[0]);
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Stopped);
    }

    [Fact]
    public async Task A_schedule_that_is_removed_takes_its_notice_along()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        await office.NoticeAsync(_ => true);
        await office.UpdateAsync();
        (await office.NoticesAsync()).Single().State.ShouldBe(NoticeState.Done, "in the same transaction");
        (await office.NoticeAsync(notice => notice.State == NoticeState.Done)).Ending.ShouldBe("Its schedule was changed by ann@contoso.com.");
        office.Set("18:00:00");
        await LooksAsync();
        (await office.DeskAsync()).State.State.ShouldBe(InstanceState.Running);
    }

    [Fact]
    public async Task A_stop_by_its_owner_ends_the_notice_at_once_and_a_start_before_its_time_tells_it_again()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        StopNotice notice = await office.NoticeAsync(_ => true);
        await office.Engine.BeginStopAsync("desk");
        StopNotice ended = (await office.NoticesAsync()).Single();
        (ended.State, ended.Ending).ShouldBe((NoticeState.Done, "The instance was stopped by ann@contoso.com before."));
        await office.Engine.UntilAsync("desk", InstanceState.Stopped);
        office.Set("17:50:00");
        await office.Engine.EndAsync(await office.Engine.BeginStartAsync("desk"));
        StopNotice again = await office.NoticeAsync(told => told.State == NoticeState.Pending);
        (again.Id, again.Ending).ShouldBe((notice.Id, null));
        (await office.EventsAsync("ScheduledShutdownPending")).Count.ShouldBe(2);
        office.Set("18:00:00");
        await office.EndAsync((await office.DecidedAsync())[0]);
        (await office.NoticesAsync()).Single().Ending.ShouldBe("The instance was stopped.");
    }

    [Fact]
    public async Task A_deletion_ends_the_notice_when_it_begins()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        await office.NoticeAsync(_ => true);
        Gate held = office.Engine.Hold("DeleteMachineAsync");
        await office.Engine.BeginDeleteAsync("desk");
        StopNotice ended = (await office.NoticesAsync()).Single();
        (ended.State, ended.Ending).ShouldBe((NoticeState.Done, "The instance was deleted by ann@contoso.com before."));
        held.Open();
    }

    [Fact]
    public async Task A_schedule_that_is_switched_off_and_on_again_before_its_stop_is_told_again()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        StopNotice notice = await office.NoticeAsync(_ => true);
        string id = $""","id":"{notice.ScheduleId:D}" """;
        await office.UpdateAsync(Cron("Stop", "0 18 * * *", id + ""","status":"Disabled" """));
        (await office.NoticesAsync()).Single().Ending.ShouldBe("Its schedule was changed by ann@contoso.com.");
        await office.UpdateAsync(Cron("Stop", "0 18 * * *", id));
        (await office.NoticeAsync(again => again.State == NoticeState.Pending)).Id.ShouldBe(notice.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("STOP30")]
    [InlineData("DISABLED")]
    public async Task Replacing_the_whole_instance_ends_the_notices_of_stops_that_no_schedule_causes_any_more(string now)
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"));
        StopNotice notice = await office.NoticeAsync(_ => true);
        string schedules = now switch
        {
            "STOP30" => Cron("Stop", "30 18 * * *"),
            "DISABLED" => Cron("Stop", "0 18 * * *", $""","id":"{notice.ScheduleId:D}","status":"Disabled" """),
            _ => "",
        };
        await office.Engine.PutAsync("desk", EngineUnderTest.Body(more: $$"""
            "schedules":{"computeStartStop":[{{schedules}}]}
            """));
        StopNotice ended = (await office.NoticesAsync()).Single();
        (ended.Id, ended.State, ended.Ending).ShouldBe((notice.Id, NoticeState.Done, "Its schedule was changed by ann@contoso.com."));
    }

    [Fact]
    public async Task A_notice_that_cannot_be_written_is_tried_again_and_holds_up_no_other()
    {
        await using Office office = await OpenAsync("17:30:00", Cron("Stop", "0 18 * * *"));
        await office.Engine.RunningAsync("chair", EngineUnderTest.Body(more: $$"""
            "schedules":{"computeStartStop":[{{Cron("Stop", "0 18 * * *")}}]}
            """));
        ComputeInstance chair = (await office.Engine.FindAsync("chair"))!;
        await StoreAsync(office, """
            CREATE TRIGGER full BEFORE INSERT ON stop_notices WHEN NEW.instance_uid = (SELECT uid FROM instances WHERE name = 'desk')
            BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
            """);
        office.Set("17:46:00");
        await EngineUnderTest.UntilAsync(async () => (await office.Engine.Store.ReadAsync(view => view.ListNotices(chair.Uid, 10))).Count == 1, "the other notice");
        await LooksAsync();
        (await office.NoticesAsync()).ShouldBeEmpty("otherwise this shows nothing");

        await StoreAsync(office, "DROP TRIGGER full");
        (await office.NoticeAsync(_ => true)).State.ShouldBe(NoticeState.Pending);
        await LooksAsync();
        (await office.EventsAsync("ScheduledShutdownPending")).Count.ShouldBe(1);
    }

    private static Task StoreAsync(Office office, string sql) =>
        office.Engine.Get<IDatabase>().WriteAsync((connection, transaction) => connection.Execute(sql, null, transaction));
}
