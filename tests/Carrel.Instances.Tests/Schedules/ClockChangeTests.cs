using Carrel.Instances.Schedules;
using Shouldly;
using Xunit;
using static Carrel.Instances.Tests.Schedules.Triggers;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>Named rules for gaps and overlaps (contract 3.3), in zones that are odd in different ways.</summary>
public sealed class ClockChangeTests
{
    [Fact]
    public void A_time_in_a_gap_comes_after_a_later_one() =>
        // Berlin, 29 March 2026, 02:00 becomes 03:00: 02:30 happens at 03:30, behind 03:10.
        Cron("30,10 2,3 * * *", "Europe/Berlin").After("2026-03-28T23:00:00Z", 3)
            .ShouldBe(["2026-03-29T01:10:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:10:00Z"]);

    [Fact]
    public void Half_an_hour_is_a_gap_too() =>
        // Lord Howe, 4 October 2026: 02:00 becomes 02:30, +10:30 becomes +11.
        Cron("15 2 * * *", "Australia/Lord_Howe").After("2026-10-03T00:00:00Z", 2).ShouldBe(["2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z"]);

    [Fact]
    public void Midnight_in_a_gap_stays_on_its_day() =>
        // Santiago, 6 September 2026: 00:00 becomes 01:00, -04 becomes -03.
        Cron("0 0 * * 0", "America/Santiago").After("2026-09-05T00:00:00Z", 2).ShouldBe(["2026-09-06T04:00:00Z", "2026-09-13T03:00:00Z"]);

    [Fact]
    public void A_midnight_that_comes_twice_fires_once() =>
        // Santiago, 4 April 2026: midnight at its end becomes 23:00 again. 23:30 has two passes, 00:00 of the 5th one.
        Cron("30 23 * * *", "America/Santiago").After("2026-04-04T12:00:00Z", 2).ShouldBe(["2026-04-05T02:30:00Z", "2026-04-06T03:30:00Z"]);

    [Fact]
    public void Dublin_whose_winter_is_the_exception_is_like_any_other()
    {
        Cron("30 1 * * *", "Europe/Dublin").After("2026-03-28T12:00:00Z", 2).ShouldBe(["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]);
        Cron("30 1 * * *", "Europe/Dublin").After("2026-10-24T12:00:00Z", 2).ShouldBe(["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    [Fact]
    public void A_whole_day_that_never_was_moves_forward() =>
        // Samoa had no 30 December 2011: 09:00 of that Friday happens on Saturday, once, together with Saturday's own.
        Cron("0 9 * * *", "Pacific/Apia", "2011-12-01T00:00:00").After("2011-12-29T12:00:00Z", 3)
            .ShouldBe(["2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z", "2011-12-31T19:00:00Z"]);

    [Fact]
    public void A_running_hour_follows_the_clock()
    {
        var times = Cron("30 * * * *", "Pacific Standard Time");
        (times.Gap, times.Overlap).ShouldBe((GapRule.LeaveOut, OverlapRule.BothPasses));
        times.After("2026-03-08T09:00:00Z", 2).ShouldBe(["2026-03-08T09:30:00Z", "2026-03-08T10:30:00Z"]);
        times.After("2026-11-01T08:00:00Z", 3).ShouldBe(["2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z", "2026-11-01T10:30:00Z"]);
        Cron("30 */2 * * *", "Pacific Standard Time").After("2026-03-08T08:00:00Z", 2).ShouldBe(["2026-03-08T08:30:00Z", "2026-03-08T11:30:00Z"]);
    }

    [Fact]
    public void After_the_second_pass_has_begun_the_first_is_over()
    {
        var times = Cron("0,30 1 * * *", "Pacific Standard Time");
        (times.Gap, times.Overlap).ShouldBe((GapRule.ShiftForward, OverlapRule.FirstPass));
        times.After("2026-11-01T08:00:00Z", 2).ShouldBe(["2026-11-01T08:30:00Z", "2026-11-02T09:00:00Z"]);
        times.After("2026-11-01T09:10:00Z", 1).ShouldBe(["2026-11-02T09:00:00Z"]);
    }

    [Fact]
    public void A_start_time_in_a_gap_is_shifted_like_a_firing() =>
        Recurrence("""{"frequency":"Day","timeZone":"Pacific Standard Time","startTime":"2026-03-08T02:30:00"}""").After("2026-03-01T00:00:00Z", 2)
            .ShouldBe(["2026-03-08T10:30:00Z", "2026-03-09T09:30:00Z"]);
}
