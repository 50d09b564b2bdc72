using Shouldly;
using Xunit;
using static Carrel.Instances.Tests.Schedules.Triggers;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>Anchors and intervals of recurrences (contract 3.4).</summary>
public sealed class RecurrenceTests
{
    [Fact]
    public void Every_second_week_counts_calendar_weeks_from_Sunday() =>
        // Saturday 10 January is in the anchor's week (Sunday 4 to Saturday 10), Sunday 11 in the one left out.
        Recurrence("""{"frequency":"Week","interval":2,"startTime":"2026-01-08T09:00:00","schedule":{"weekDays":["Sunday","Saturday"]}}""")
            .After("2026-01-01T00:00:00Z", 4)
            .ShouldBe(["2026-01-10T09:00:00Z", "2026-01-18T09:00:00Z", "2026-01-24T09:00:00Z", "2026-02-01T09:00:00Z"]);

    [Fact]
    public void A_week_without_days_takes_the_anchors_day() =>
        Recurrence("""{"frequency":"Week","interval":1,"startTime":"2026-01-08T09:30:00"}""").After("2026-01-01T00:00:00Z", 2)
            .ShouldBe(["2026-01-08T09:30:00Z", "2026-01-15T09:30:00Z"]);

    [Fact]
    public void The_anchors_date_is_that_of_its_zone() =>
        // Saved on 5 January at 20:00 UTC: in Kathmandu (+05:45) it is already the 6th, 01:45.
        Recurrence("""{"frequency":"Day","interval":2,"timeZone":"Nepal Standard Time"}""", "2026-01-05T20:00:00Z").After("2026-01-05T20:00:00Z", 2)
            .ShouldBe(["2026-01-07T20:00:00Z", "2026-01-09T20:00:00Z"]);

    [Fact]
    public void Minutes_without_hours_stay_in_the_anchors_hour() =>
        Recurrence("""{"frequency":"Day","startTime":"2026-01-05T10:20:00","schedule":{"minutes":[0,30]}}""").After("2026-01-01T00:00:00Z", 3)
            .ShouldBe(["2026-01-05T10:30:00Z", "2026-01-06T10:00:00Z", "2026-01-06T10:30:00Z"]);

    [Fact]
    public void Seconds_of_a_start_time_bound_fixed_times_and_carry_on_in_elapsed_ones()
    {
        Recurrence("""{"frequency":"Day","startTime":"2026-01-05T10:20:30"}""").After("2026-01-01T00:00:00Z", 1).ShouldBe(["2026-01-06T10:20:00Z"]);
        Recurrence("""{"frequency":"Hour","startTime":"2026-01-05T10:20:30"}""").After("2026-01-01T00:00:00Z", 2)
            .ShouldBe(["2026-01-05T10:20:30Z", "2026-01-05T11:20:30Z"]);
    }

    [Theory]
    [InlineData("""{"monthDays":[31]}""", "01-31 03-31 05-31")]
    [InlineData("""{"monthDays":[-31,-1]}""", "01-01 01-31 02-28")]
    [InlineData("""{"monthDays":[30,-2]}""", "01-30 02-27 03-30")]
    [InlineData("""{"monthlyOccurrences":[{"day":"Monday"}]}""", "01-05 01-12 01-19")]
    [InlineData("""{"monthlyOccurrences":[{"day":"Sunday","occurrence":-5}]}""", "03-01 05-03 08-02")]
    [InlineData("""{"monthDays":[5],"monthlyOccurrences":[{"day":"Monday","occurrence":1},{"day":"Tuesday","occurrence":2}]}""", "01-05 01-13 02-02")]
    public void Days_of_a_month(string schedule, string days) =>
        Recurrence($$"""{"frequency":"Month","startTime":"2026-01-01T06:00:00","schedule":{{schedule}}}""").After("2025-12-01T00:00:00Z", 3)
            .ShouldBe(days.Split(' ').Select(day => $"2026-{day}T06:00:00Z"));

    [Fact]
    public void A_bare_month_clamps_to_its_end_and_never_drifts() =>
        Recurrence("""{"frequency":"Month","interval":13,"startTime":"2027-01-31T06:00:00"}""").After("2026-01-01T00:00:00Z", 3)
            .ShouldBe(["2027-01-31T06:00:00Z", "2028-02-29T06:00:00Z", "2029-03-31T06:00:00Z"]);

    [Fact]
    public void Hours_are_elapsed_time_across_a_change_of_clocks() =>
        Recurrence("""{"frequency":"Hour","interval":24,"timeZone":"Europe/Berlin","startTime":"2026-03-28T09:00:00"}""").After("2026-03-28T00:00:00Z", 3)
            .ShouldBe(["2026-03-28T08:00:00Z", "2026-03-29T08:00:00Z", "2026-03-30T08:00:00Z"]);
}
