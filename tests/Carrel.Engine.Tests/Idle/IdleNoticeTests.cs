using System.Text.Json;
using Carrel.AgentProtocol;
using Carrel.Engine.Notices;
using Carrel.Instances.Notices;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Idle;

/// <summary>Notices before an idle stop, and what is done about them (contract 4.5, 3.6).</summary>
public sealed class IdleNoticeTests
{
    [Fact]
    public async Task The_stop_is_announced_5_minutes_before_and_the_notice_ends_with_it()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT30M");
        await run.GoToAsync(24);
        (await run.NoticesAsync()).ShouldBeEmpty();
        await run.SampleAsync(25);
        StopNotice notice = (await run.NoticesAsync()).Single();
        (notice.Kind, notice.FireAt, notice.State).ShouldBe((NoticeKind.IdleShutdownPending, IdleRun.At(30), NoticeState.Pending));
        notice.Evidence.ShouldNotBeNull().ShouldContain("idleSince");
        await run.SampleAsync(29);
        await run.SampleAsync(30);
        await run.ShouldStopAsync();

        (await run.NoticesAsync()).Single().State.ShouldBe(NoticeState.Done);
    }

    [Fact]
    public async Task A_deadline_that_moves_by_the_time_of_an_answer_is_told_once_and_snoozed_as_one()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT30M");
        int answers = 0;
        run.Shows = (_, sample) => sample with { Terminals = [new TerminalActivity("1", IdleRun.At(1).ToDateTimeOffset().AddMilliseconds(7 * answers++), false)] };
        await run.GoToAsync(30);
        StopNotice notice = (await run.NoticesAsync()).Single();
        notice.State.ShouldBe(NoticeState.Pending);
        await run.Engine.Get<NoticeCommands>().SnoozeAsync(EngineUnderTest.Address("desk"), notice.Id, JsonElement.Parse("""{"minutes":60}"""), EngineUnderTest.As(), default);
        await run.GoToAsync(86);
        (await run.NoticesAsync()).Single().State.ShouldBe(NoticeState.Snoozed);
        await run.GoToAsync(91);
        (await run.NoticesAsync()).Single().State.ShouldBe(NoticeState.Pending, "told again");
        await run.GoToAsync(93);
        await run.ShouldStopAsync();
        (await run.NoticesAsync()).Single().State.ShouldBe(NoticeState.Done);
        (await run.Engine.Store.ReadAsync(view => view.ListEvents(EngineUnderTest.Address("desk").ResourceId, 1000)))
            .Count(told => told.Action == "Carrel/IdleShutdownPending").ShouldBe(2, "first, and before its new time");
    }

    [Fact]
    public async Task A_dismissed_stop_begins_the_clock_anew_and_a_snoozed_one_moves_it()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT30M");
        await run.GoToAsync(26);
        StopNotice first = (await run.NoticesAsync()).Single();
        await run.Engine.Get<NoticeCommands>().DismissAsync(EngineUnderTest.Address("desk"), first.Id, EngineUnderTest.As(), default);
        await run.GoToAsync(50);
        await run.ShouldRunAsync("30 minutes from the dismissal");
        await run.SampleAsync(51);
        StopNotice second = (await run.NoticesAsync()).Single(notice => notice.IsOpen);
        second.FireAt.ShouldBe(IdleRun.At(56));

        await run.Engine.Get<NoticeCommands>().SnoozeAsync(EngineUnderTest.Address("desk"), second.Id, JsonElement.Parse("""{"minutes":60}"""), EngineUnderTest.As(), default);
        await run.GoToAsync(110);
        (await run.NoticesAsync()).Single(notice => notice.IsOpen).State.ShouldBe(NoticeState.Snoozed);
        await run.SampleAsync(111);
        StopNotice again = (await run.NoticesAsync()).Single(notice => notice.IsOpen);
        (again.Id, again.State, again.FireAt, again.ToldAt).ShouldBe((second.Id, NoticeState.Pending, IdleRun.At(116), IdleRun.At(111)), "told again");
        await run.GoToAsync(115);
        await run.ShouldRunAsync("snoozed to minute 116");
        await run.SampleAsync(116);

        await run.ShouldStopAsync();
    }

    [Fact]
    public async Task Work_after_the_notice_takes_it_back()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        await run.GoToAsync(12);
        run.Shows = (_, sample) => sample with { Jobs = [new JobActivity("j", "Running")] };
        await run.SampleAsync(13);

        StopNotice notice = (await run.NoticesAsync()).Single();
        (notice.State, notice.Ending).ShouldBe((NoticeState.Done, "In use: a job."));
    }

    [Theory]
    [InlineData("longer", "The idle time was changed by ann@contoso.com.")]
    [InlineData("awake", "It is kept awake by ann@contoso.com.")]
    [InlineData("stop", "The instance was stopped by ann@contoso.com before.")]
    public async Task What_takes_an_announced_idle_stop_back_ends_its_notice_at_once(string what, string ending)
    {
        await using IdleRun run = await IdleRun.StartAsync("PT30M");
        await run.GoToAsync(25);
        (await run.NoticesAsync()).Single().State.ShouldBe(NoticeState.Pending);
        await (what switch
        {
            "longer" => run.ChangeIdleTimeAsync("PT2H"),
            "awake" => run.KeepAwakeAsync(60),
            _ => run.Engine.BeginStopAsync("desk"),
        });
        StopNotice ended = (await run.NoticesAsync()).Single();
        (ended.State, ended.Ending).ShouldBe((NoticeState.Done, ending));
    }

    [Fact]
    public async Task A_stop_that_was_taken_back_only_for_a_moment_is_told_again()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT30M");
        await run.GoToAsync(25);
        await run.KeepAwakeAsync(60);
        await run.KeepAwakeAsync(0);
        (await run.NoticesAsync()).Single().State.ShouldBe(NoticeState.Done);
        await run.SampleAsync(26);
        StopNotice again = (await run.NoticesAsync()).Single();
        (again.State, again.Ending, again.ToldAt).ShouldBe((NoticeState.Pending, null, IdleRun.At(26)));
        await run.SampleAsync(30);
        await run.ShouldStopAsync();
    }
}
