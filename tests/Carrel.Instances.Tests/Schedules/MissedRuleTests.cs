using Carrel.Instances.Schedules;
using NodaTime;
using Shouldly;
using Xunit;
using static Carrel.Instances.Tests.Schedules.Triggers;

namespace Carrel.Instances.Tests.Schedules;

public sealed class MissedRuleTests
{
    [Fact(DisplayName = "3.T9 Back at 18:10, the stop of 18:00 is skipped as missed, and that of the next day is the next")]
    public void Back_ten_minutes_late_nothing_is_made_up()
    {
        var times = Cron("0 18 * * *");
        var due = times.Next(At("2026-01-10T17:55:00Z"))!.Value;
        MissedRule.Decide(due, At("2026-01-10T18:10:00Z")).ShouldBe(new OccurrenceDecision(false, "Missed"));
        times.After("2026-01-10T18:10:00Z", 1).ShouldBe(["2026-01-11T18:00:00Z"]);
    }

    [Theory(DisplayName = "3.T10 An occurrence up to 60 seconds old still runs")]
    [InlineData(0, true)]
    [InlineData(40, true)]
    [InlineData(60, true)]
    [InlineData(60.001, false)]
    public void An_occurrence_up_to_60_seconds_old_still_runs(double late, bool runs)
    {
        var due = At("2026-01-10T18:00:00Z");
        MissedRule.Decide(due, due + Duration.FromSeconds(late)).Runs.ShouldBe(runs);
    }
}
