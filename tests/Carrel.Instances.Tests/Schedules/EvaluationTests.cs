using Carrel.Instances.Specs;
using NodaTime;
using Shouldly;
using Xunit;
using static Carrel.Instances.Tests.Schedules.Triggers;
using FiringTimes = Carrel.Instances.Schedules.FiringTimes;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>Statements of the contract that are about when a trigger fires.</summary>
public sealed class EvaluationTests
{
    [Fact(DisplayName = "3.T3 The seed parameter file yields 08:00 Start, 17:00 Stop, 18:00 Stop in one day")]
    public void The_seed_parameter_file_yields_three_firings_in_one_day()
    {
        var model = Samples.Model("""
            {"schedules":{"computeStartStop":[
              {"triggerType":"Cron","cron":{"timeZone":"UTC","expression":"0 18 * * *"},"action":"Stop","status":"Enabled"},
              {"triggerType":"Cron","cron":{"timeZone":"UTC","expression":"0 8 * * *"},"action":"Start","status":"Enabled"},
              {"triggerType":"Recurrence","recurrence":{"frequency":"Day","interval":1,"timeZone":"UTC","schedule":{"hours":[17],"minutes":[0]}},"action":"Stop","status":"Enabled"}]}}
            """);
        var (from, to) = (At("2026-11-21T00:00:00Z"), At("2026-11-22T00:00:00Z"));
        model.Schedules.SelectMany(schedule => FiringTimes.Of(schedule).Between(from, to).Select(at => (at.InUtc().Hour, schedule.Action)))
            .Order().ShouldBe([(8, ScheduleAction.Start), (17, ScheduleAction.Stop), (18, ScheduleAction.Stop)]);
    }

    [Fact(DisplayName = "3.T4 0 22 * * * Pacific fires an hour later in UTC after summer time ends")]
    public void Wall_time_is_kept_over_the_end_of_summer_time() =>
        Cron("0 22 * * *", "Pacific Standard Time", "2021-03-10T21:21:07").After("2026-11-01T00:00:00Z", 2)
            .ShouldBe(["2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z"]);

    [Fact(DisplayName = "3.T5 With both day fields restricted either may match")]
    public void With_both_day_fields_restricted_either_may_match() =>
        Cron("0 0 13 * 5").After("2026-01-31T00:00:00Z", 4)
            .ShouldBe(["2026-02-06T00:00:00Z", "2026-02-13T00:00:00Z", "2026-02-20T00:00:00Z", "2026-02-27T00:00:00Z"]);

    [Fact(DisplayName = "3.T6 0 is Sunday")]
    public void Day_of_week_0_is_Sunday() =>
        Cron("0 0 * * 0").After("2026-06-01T00:00:00Z", 1).ShouldBe(["2026-06-07T00:00:00Z"]);

    [Fact(DisplayName = "3.T7 A daily recurrence without start time first fires after it was saved, never at it")]
    public void A_recurrence_without_start_time_never_fires_at_the_moment_it_is_saved()
    {
        const string Daily = """{"frequency":"Day","interval":1,"schedule":{"hours":[17],"minutes":[0]}}""";
        Recurrence(Daily, "2026-01-05T16:59:30Z").After("2026-01-05T16:59:30Z", 1).ShouldBe(["2026-01-05T17:00:00Z"]);
        Recurrence(Daily, "2026-01-05T17:00:30Z").After("2026-01-01T00:00:00Z", 1).ShouldBe(["2026-01-06T17:00:00Z"]);
        Recurrence("""{"frequency":"Hour","interval":5}""", "2026-01-05T17:00:30Z").After("2026-01-05T00:00:00Z", 2)
            .ShouldBe(["2026-01-05T22:00:00Z", "2026-01-06T03:00:00Z"]);
        Cron("0 17 * * *", saved: "2026-01-05T17:00:30Z").After("2026-01-05T00:00:00Z", 1).ShouldBe(["2026-01-06T17:00:00Z"]);
    }

    [Theory(DisplayName = "3.T17 Windows ids in any case and IANA ids give the zone's rules")]
    [InlineData("pacific standard time", "2026-07-01T16:00:00Z")]
    [InlineData("America/Los_Angeles", "2026-07-01T16:00:00Z")]
    [InlineData("europe/berlin", "2026-07-01T07:00:00Z")]
    [InlineData("W. EUROPE STANDARD TIME", "2026-07-01T07:00:00Z")]
    public void Windows_and_iana_ids_give_the_rules_of_the_zone(string zone, string nine) =>
        Cron("0 9 * * *", zone).After("2026-07-01T00:00:00Z", 1).ShouldBe([nine]);

    [Fact(DisplayName = "3.T18 30 2 * * * Pacific fires at 2026-03-08T10:30:00Z exactly once")]
    public void A_time_in_the_gap_fires_once_shifted_forward() =>
        Cron("30 2 * * *", "Pacific Standard Time").Between(At("2026-03-08T08:00:00Z"), At("2026-03-09T07:00:00Z"))
            .ShouldBe([At("2026-03-08T10:30:00Z")]);

    [Fact]
    public void Between_includes_its_begin_and_excludes_its_end() =>
        Cron("0 * * * *").Between(At("2026-01-01T05:00:00Z"), At("2026-01-01T07:00:00Z"))
            .ShouldBe([At("2026-01-01T05:00:00Z"), At("2026-01-01T06:00:00Z")]);

    [Fact]
    public void A_trigger_that_never_matches_again_ends()
    {
        Recurrence("""{"frequency":"Month","interval":12,"startTime":"2026-04-01T00:00:00","schedule":{"monthDays":[31]}}""").Next(At("2026-01-01T00:00:00Z")).ShouldBeNull();
        Recurrence("""{"frequency":"Day","startTime":"2026-04-01T00:00:00","endTime":"2026-03-01T00:00:00"}""").Next(At("2026-01-01T00:00:00Z")).ShouldBeNull();
        Cron("0 0 * * *").Next(Instant.MaxValue).ShouldBeNull();
        Cron("0 0 * * *").Between(Instant.MinValue, At("2020-01-03T00:00:00Z")).ShouldBe([At("2020-01-02T00:00:00Z")]);
    }

    [Fact]
    public void A_rare_date_is_found_however_far_away() =>
        Cron("0 0 29 2 */6", saved: "2026-01-01T00:00:00Z").After("2032-03-01T00:00:00Z", 2).ShouldBe(["2048-02-29T00:00:00Z", "2060-02-29T00:00:00Z"]);

    [Theory]
    [InlineData("2026-02-28T00:00:00", null, "2026-02-28T00:00:00Z")]
    [InlineData("2026-02-28T00:00", null, "2026-02-28T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00", null, "2026-01-02T00:00:00Z")]
    [InlineData("2026-02-28T00:00:01", null, "2026-03-01T00:00:00Z")]
    [InlineData(null, "2026-01-02T00:00:00", "2026-01-02T00:00:00Z")]
    [InlineData(null, "2026-01-01T23:59:59", null)]
    public void Start_and_end_bound_the_firings_inclusively(string? start, string? end, string? first) =>
        Cron("0 0 * * *", start: start, end: end).After("2026-01-01T00:00:00Z", 1).ShouldBe(first is null ? [] : [first]);

    [Fact]
    public void A_start_time_with_Z_switches_the_zone_off()
    {
        var times = Cron("0 9 * * *", "Tokyo Standard Time", "2026-01-01T00:00:00Z");
        times.Zone.ShouldBe(DateTimeZone.Utc);
        times.After("2026-01-01T00:00:00Z", 1).ShouldBe(["2026-01-01T09:00:00Z"]);
    }

    [Fact]
    public void An_end_time_with_Z_is_UTC_and_leaves_the_zone_on() =>
        Cron("0 9 * * *", "Tokyo Standard Time", end: "2026-01-02T00:00:00Z").After("2025-12-31T12:00:00Z", 5)
            .ShouldBe(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]);
}
