using System.Text.Json;
using Carrel.Engine.Idle;
using Carrel.Engine.Notices;
using Carrel.Engine.Schedules;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Store;
using Carrel.TestKit.Engines;
using Dapper;
using static Carrel.Engine.Tests.Schedules.Office;

namespace Carrel.Engine.Tests.Schedules;

/// <summary>A stored schedule, or a whole row, that cannot be read harms nothing else.</summary>
public sealed class UnreadableScheduleTests
{
    [Theory]
    [InlineData("UPDATE instances SET model = replace(model, 'Pacific Standard Time', 'Atlantis'), schedules = replace(schedules, 'Pacific Standard Time', 'Atlantis') WHERE name = 'odd'")]
    [InlineData("UPDATE instances SET model = replace(model, '\"timeZone\":\"Pacific Standard Time\"', '\"timeZone\":null'), schedules = '{' WHERE name = 'odd'")]
    [InlineData("UPDATE instances SET model = '{' WHERE name = 'odd'")]
    public async Task The_others_fire_whether_the_row_is_damaged_before_the_start_or_later(string damage)
    {
        await using Office office = await OpenAsync("17:30:00", Cron("Stop", "0 18 * * *"), Cron("Start", "30 18 * * *"));
        await office.Engine.RunningAsync("odd", OddBody());
        await DamageAsync(office, damage);
        office.Set("17:50:00");
        (await office.NoticeAsync(_ => true)).State.ShouldBe(NoticeState.Pending);
        office.Set("18:00:00");
        await office.EndAsync((await office.DecidedAsync())[0]);

        await office.RestartAsync("18:29:00");
        office.Set("18:30:00");
        (await office.DecidedAsync(2))[0].Outcome.ShouldBe(FiringOutcome.Ran);
    }

    [Fact]
    public async Task A_preview_an_explanation_and_a_snooze_go_on_without_the_schedule_and_writing_it_anew_mends_it()
    {
        await using Office office = await OpenAsync("17:46:00", Cron("Stop", "0 18 * * *"), OddCron);
        StopNotice notice = await office.NoticeAsync(told => told.FireAt.ToDateTimeOffset() == At("18:00:00"));
        await DamageAsync(office, "UPDATE instances SET model = replace(model, 'Pacific Standard Time', 'Atlantis'), schedules = '{'");

        PreviewOutlook outlook = await office.Engine.Get<SchedulePreviews>().PreviewAsync(EngineUnderTest.Address("desk"), 2, null, EngineUnderTest.As(), default);
        outlook.Today.Unreadable.Single().Cron!.TimeZone.ShouldBe("Atlantis");
        outlook.Today.Occurrences.ShouldNotBeEmpty();
        (await office.Engine.Get<IdleExplanations>().ExplainAsync(EngineUnderTest.Address("desk"), default)).Coming.ShouldNotBeEmpty();
        (await office.Engine.Get<NoticeCommands>().SnoozeAsync(
            EngineUnderTest.Address("desk"), notice.Id, JsonElement.Parse("""{"minutes":15}"""), EngineUnderTest.As(), default)).State.ShouldBe(NoticeState.Snoozed);

        await office.UpdateAsync(Cron("Stop", "0 18 * * *"));
        ComputeInstance mended = await office.DeskAsync();
        mended.Model.Schedules.Count.ShouldBe(1);
        (await office.Engine.Store.ReadAsync(view => view.ListSchedules(null, 10))).Single().Schedules!.Count.ShouldBe(1);
    }

    private static string OddCron => """{"action":"Stop","triggerType":"Cron","cron":{"expression":"0 10 * * *","timeZone":"Pacific Standard Time"}}""";

    private static JsonElement OddBody() => EngineUnderTest.Body(more: $$"""
        "schedules":{"computeStartStop":[{{OddCron}}]}
        """);

    private static Task DamageAsync(Office office, string sql) =>
        office.Engine.Get<IDatabase>().WriteAsync((connection, transaction) => connection.Execute(sql, null, transaction));
}
