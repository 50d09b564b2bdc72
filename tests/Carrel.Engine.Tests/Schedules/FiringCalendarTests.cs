using Carrel.Engine.Schedules;
using Carrel.Instances.Schedules;
using Carrel.Instances.Specs;
using NodaTime;
using Shouldly;
using Xunit;

namespace Carrel.Engine.Tests.Schedules;

public sealed class FiringCalendarTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 20, 8, 0);
    private readonly FiringCalendar _calendar = new();

    [Fact]
    public void The_earliest_is_due_first_and_moves_on_to_its_following_occurrence()
    {
        var (stop, start) = (Key(1), Key(2));
        _calendar.Set(stop, Cron("0 18 * * *"), Start);
        _calendar.Set(start, Cron("0 9 * * *"), Start);
        _calendar.NextDue.ShouldBe(Start + Duration.FromHours(1));
        _calendar.TakeDue(Start, 10).ShouldBeEmpty();
        _calendar.TakeDue(Start + Duration.FromHours(10), 10).ShouldBe([new(start, Start + Duration.FromHours(1)), new(stop, Start + Duration.FromHours(10))]);
        _calendar.NextDue.ShouldBe(Start + Duration.FromHours(25));
    }

    [Fact(DisplayName = "3.T9 Every occurrence that was missed is seen, once")]
    public void Every_occurrence_that_was_missed_is_seen_once()
    {
        _calendar.Set(Key(1), Cron("0 * * * *"), Start);
        _calendar.TakeDue(Start + Duration.FromHours(3), 10).Select(firing => firing.Due)
            .ShouldBe([Start + Duration.FromHours(1), Start + Duration.FromHours(2), Start + Duration.FromHours(3)]);
        _calendar.TakeDue(Start + Duration.FromHours(3), 10).ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_trigger_replaces_the_old_and_a_removed_one_never_comes()
    {
        _calendar.Set(Key(1), Cron("0 9 * * *"), Start);
        _calendar.Set(Key(1), Cron("0 12 * * *"), Start);
        _calendar.Set(Key(2), Cron("0 10 * * *"), Start);
        _calendar.Remove(Key(2));
        _calendar.Remove(Key(3));
        _calendar.TakeDue(Start + Duration.FromHours(12), 10).ShouldBe([new(Key(1), Start + Duration.FromHours(4))]);
        _calendar.Count.ShouldBe(1);
    }

    [Fact]
    public void A_trigger_past_its_end_leaves_the_calendar()
    {
        var once = Cron("0 9 * * *", end: "2026-11-20T09:00:00");
        _calendar.Set(Key(1), once, Start);
        _calendar.TakeDue(Start + Duration.FromDays(9), 10).Count.ShouldBe(1);
        (_calendar.Count, _calendar.NextDue).ShouldBe((0, null));
        _calendar.Set(Key(1), Cron("0 9 * * *"), Start);
        _calendar.Set(Key(1), once, Start + Duration.FromDays(1));
        _calendar.Count.ShouldBe(0);
    }

    [Fact]
    public void What_changes_during_a_rebuild_wins_over_what_it_read()
    {
        using (var rebuild = _calendar.BeginRebuild())
        {
            rebuild.Add(Key(4), Cron("0 9 * * *"), Start);
            _calendar.Set(Key(1), Cron("0 10 * * *"), Start);
            _calendar.Remove(Key(2));
            _calendar.Remove(Key(4));
            rebuild.Add(Key(1), Cron("0 11 * * *"), Start);
            rebuild.Add(Key(2), Cron("0 12 * * *"), Start);
            rebuild.Add(Key(3), Cron("0 13 * * *"), Start);
            Should.Throw<InvalidOperationException>(_calendar.BeginRebuild);
        }

        _calendar.TakeDue(Start + Duration.FromHours(15), 10).Select(firing => firing.Key).ShouldBe([Key(1), Key(3)]);
        using var again = _calendar.BeginRebuild();
        again.Add(Key(2), Cron("0 12 * * *"), Start);
        _calendar.Count.ShouldBe(3);
    }

    [Fact]
    public void A_hundred_thousand_schedules_fire_each_exactly_once_and_in_order()
    {
        const int Schedules = 100_000;
        FiringTimes[] everyMinuteOfTheDay = [.. Enumerable.Range(0, 1440).Select(minute => Cron($"{minute % 60} {minute / 60} * * *"))];
        var random = new Random(20_261_120);
        using (var rebuild = _calendar.BeginRebuild())
        {
            for (var i = 0; i < Schedules; i++)
                rebuild.Add(Key(i), everyMinuteOfTheDay[random.Next(1440)], Start);
        }

        // A tenth goes, a tenth changes: the heap is repaired in its middle, not only at its top.
        for (var i = 0; i < Schedules / 10; i++)
        {
            _calendar.Remove(Key(i * 10));
            _calendar.Set(Key((i * 10) + 1), everyMinuteOfTheDay[random.Next(1440)], Start);
        }

        var seen = new List<DueFiring>();
        for (var now = Start; now <= Start + Duration.FromDays(1); now += Duration.FromMinutes(7))
        {
            while (_calendar.TakeDue(now, 500) is { Count: > 0 } due)
            {
                due.ShouldAllBe(firing => firing.Due <= now && firing.Due > now - Duration.FromMinutes(7));
                seen.AddRange(due);
            }
        }

        seen.AddRange(_calendar.TakeDue(Start + Duration.FromDays(1), int.MaxValue));
        seen.Count.ShouldBe(Schedules * 9 / 10);
        seen.Select(firing => firing.Key).ToHashSet().Count.ShouldBe(seen.Count);
        seen.Select(firing => firing.Due).ShouldBeInOrder();
        _calendar.Count.ShouldBe(seen.Count);
    }

    [Fact]
    public async Task Threads_that_change_and_take_lose_nothing_and_take_nothing_twice()
    {
        var daily = Cron("0 9 * * *");
        var due = Start + Duration.FromHours(1);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var mine = new List<DueFiring>();
            for (var i = 0; i < 2_000; i++)
            {
                _calendar.Set(Key((worker * 10_000) + i), daily, Start);
                mine.AddRange(_calendar.TakeDue(due, 3));
            }

            return mine;
        })));
        var all = taken.SelectMany(mine => mine).Concat(_calendar.TakeDue(due, int.MaxValue)).ToList();
        all.Count.ShouldBe(8_000);
        all.ToHashSet().Count.ShouldBe(8_000);
    }

    private static ScheduleKey Key(int number) => new(new Guid(number, 1, 0, new byte[8]), new Guid(number, 2, 0, new byte[8]));

    private static FiringTimes Cron(string expression, string? end = null) => FiringTimes.Of(new ScheduleModel(
        Guid.Empty, ScheduleStatus.Enabled, ScheduleAction.Stop, new CronModel(null, end, "UTC", expression), null, Start - Duration.FromDays(1)));
}
