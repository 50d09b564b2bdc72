using Carrel.Instances.Notices;
using Carrel.Instances.Schedules;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Schedules.Preview;
using Carrel.Instances.Specs;
using NodaTime;
using NodaTime.Text;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>What schedules will do, before they do it.</summary>
public sealed class PreviewTests
{
    private const string Berlin = "W. Europe Standard Time";

    [Fact]
    public void Starts_and_stops_alternate_and_hours_and_cost_are_those_between_them()
    {
        SchedulePreview week = Preview(runs: false, "2026-06-01T00:00:00Z", 7, Cron(ScheduleAction.Start, "0 8 * * MON-FRI"), Cron(ScheduleAction.Stop, "0 18 * * *"));
        week.Occurrences.Count.ShouldBe(12);
        week.Occurrences.Where(row => row.Outcome == PreviewOutcome.Starts).Count().ShouldBe(5);
        week.Occurrences.Where(row => row.Outcome == PreviewOutcome.NoOp).Select(row => row.At.InUtc().DayOfWeek).ShouldBe([IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday]);
        week.Hours.ShouldBe(50m);
        week.Cost(0.293m).ShouldBe(14.65m);
        week.Cost(null).ShouldBeNull();
        week.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void What_runs_at_the_begin_or_the_end_counts_up_to_there()
    {
        Preview(runs: true, "2026-06-01T12:00:00Z", 1, Cron(ScheduleAction.Stop, "0 18 * * *")).Hours.ShouldBe(6m);
        Preview(runs: false, "2026-06-01T12:00:00Z", 1, Cron(ScheduleAction.Start, "0 18 * * *")).Hours.ShouldBe(18m);
        Preview(runs: true, "2026-06-01T12:00:00Z", 2).Hours.ShouldBe(48m);
        Preview(runs: false, "2026-06-01T12:00:00Z", 2).Hours.ShouldBe(0m);
    }

    [Fact]
    public void A_disabled_schedule_does_nothing_and_one_past_its_end_neither()
    {
        ScheduleModel disabled = Cron(ScheduleAction.Stop, "0 18 * * *") with { Status = ScheduleStatus.Disabled };
        ScheduleModel ended = Cron(ScheduleAction.Stop, "0 18 * * *");
        ended = ended with { Cron = ended.Cron! with { EndTime = "2026-06-02T18:00:00" } };
        Preview(runs: true, "2026-06-01T00:00:00Z", 7, disabled).Occurrences.ShouldBeEmpty();
        Preview(runs: true, "2026-06-01T00:00:00Z", 7, ended).Occurrences.Count.ShouldBe(2);
    }

    [Fact]
    public void At_one_instant_stop_wins_as_when_they_fire()
    {
        SchedulePreview day = Preview(runs: true, "2026-06-01T00:00:00Z", 1, Cron(ScheduleAction.Start, "0 9 * * *"), Cron(ScheduleAction.Stop, "0 9 * * *"));
        day.Occurrences.Select(row => (row.Schedule.Action, row.Outcome)).ShouldBe([(ScheduleAction.Stop, PreviewOutcome.Stops), (ScheduleAction.Start, PreviewOutcome.Conflict)]);
        day.Hours.ShouldBe(9m);
    }

    [Fact]
    public void A_time_that_does_not_exist_is_marked_as_moved_and_one_that_is_meant_for_then_is_not()
    {
        SchedulePreview spring = Preview(
            runs: false, "2026-03-28T12:00:00Z", 1, Cron(ScheduleAction.Start, "30 2 * * *", Berlin), Cron(ScheduleAction.Stop, "45 3 * * *", Berlin));
        spring.Occurrences.Select(row => (row.Local.TimeOfDay.ToString("HH:mm", null), row.Clock)).ShouldBe([("03:30", ClockMark.Shifted), ("03:45", ClockMark.None)]);
    }

    [Fact]
    public void A_time_that_comes_twice_is_marked_with_its_pass()
    {
        Preview(runs: false, "2026-10-24T12:00:00Z", 1, Cron(ScheduleAction.Start, "30 2 * * *", Berlin)).Occurrences.Single().Clock.ShouldBe(ClockMark.FirstPass);
        Preview(runs: false, "2026-10-24T23:00:00Z", 1, Cron(ScheduleAction.Start, "30 */1 * * *", Berlin)).Occurrences
            .Where(row => row.Clock != ClockMark.None).Select(row => row.Clock).ShouldBe([ClockMark.FirstPass, ClockMark.SecondPass]);
    }

    [Fact]
    public void The_first_occurrence_after_a_change_of_clocks_says_by_how_much()
    {
        SchedulePreview spring = Preview(runs: true, "2026-03-27T12:00:00Z", 4, Cron(ScheduleAction.Stop, "0 18 * * *", Berlin));
        spring.Occurrences.Select(row => row.OffsetChange).ShouldBe([Offset.Zero, Offset.Zero, Offset.FromHours(1), Offset.Zero]);
        spring.Occurrences.ShouldAllBe(row => row.Local.Hour == 18);
    }

    [Fact]
    public void A_recurrence_without_start_time_is_marked_too()
    {
        // Saved at 02:30 by the clock of Berlin, which does not exist on the day of the change.
        var schedule = new ScheduleModel(
            Guid.NewGuid(), ScheduleStatus.Enabled, ScheduleAction.Start, null,
            new RecurrenceModel(null, null, Berlin, RecurrenceFrequency.Day, 1, [], [], [], [], []), Instant.FromUtc(2026, 3, 27, 1, 30));
        SchedulePreview spring = Preview(runs: false, "2026-03-28T12:00:00Z", 1, schedule);
        spring.Occurrences.Single().Clock.ShouldBe(ClockMark.Shifted);
    }

    [Fact]
    public void A_dismissed_stop_does_not_come_and_a_snoozed_one_comes_at_its_new_time()
    {
        ScheduleModel stop = Cron(ScheduleAction.Stop, "0 18 * * *");
        Instant six = Instant.FromUtc(2026, 6, 1, 18, 0);
        var notice = new StopNotice(Guid.NewGuid(), Guid.NewGuid(), NoticeKind.ScheduledShutdownPending, stop.Id, six, six, NoticeState.Dismissed, "why", six - Duration.FromMinutes(15));
        SchedulePreview dismissed = Preview(runs: true, "2026-06-01T17:50:00Z", 1, [notice], stop);
        dismissed.Occurrences.Select(row => row.Outcome).ShouldBe([PreviewOutcome.Dismissed]);
        dismissed.Hours.ShouldBe(24m);

        SchedulePreview snoozed = Preview(runs: true, "2026-06-01T17:50:00Z", 1, [notice with { State = NoticeState.Snoozed, FireAt = six + Duration.FromMinutes(30) }], stop);
        snoozed.Occurrences.Select(row => (row.Due, row.At, row.Outcome)).ShouldBe([(six, six + Duration.FromMinutes(30), PreviewOutcome.Stops)]);
    }

    [Fact]
    public void A_notice_of_a_stop_that_is_none_any_more_changes_nothing()
    {
        ScheduleModel stop = Cron(ScheduleAction.Stop, "0 18 * * *");
        Instant six = Instant.FromUtc(2026, 6, 1, 18, 0);
        var notice = new StopNotice(
            Guid.NewGuid(), Guid.NewGuid(), NoticeKind.ScheduledShutdownPending, stop.Id, six, six + Duration.FromMinutes(30), NoticeState.Snoozed, "why", six - Duration.FromMinutes(15));
        ScheduleModel later = stop with { Cron = stop.Cron! with { Expression = "0 20 * * *" } };
        Preview(runs: true, "2026-06-01T17:50:00Z", 1, [notice], later).Occurrences.Select(row => row.At.InUtc().Hour).ShouldBe([20]);
        Preview(runs: false, "2026-06-01T17:50:00Z", 1, [notice], stop with { Action = ScheduleAction.Start }).Occurrences
            .Select(row => (row.At, row.Outcome)).ShouldBe([(six, PreviewOutcome.Starts)]);
    }

    [Fact]
    public void A_difference_names_what_comes_only_with_the_change_and_what_only_without()
    {
        ScheduleModel[] today = [Cron(ScheduleAction.Start, "0 8 * * *"), Cron(ScheduleAction.Stop, "0 18 * * *")];
        ScheduleModel[] changed = [today[0], Cron(ScheduleAction.Stop, "0 20 * * *")];
        PreviewDifference difference = PreviewDifference.Between(
            Preview(runs: false, "2026-06-01T00:00:00Z", 2, today), Preview(runs: false, "2026-06-01T00:00:00Z", 2, changed));
        difference.Added.Select(row => row.At.InUtc().Hour).ShouldBe([20, 20]);
        difference.Removed.Select(row => row.At.InUtc().Hour).ShouldBe([18, 18]);
        PreviewDifference.Between(Preview(runs: false, "2026-06-01T00:00:00Z", 2, today), Preview(runs: false, "2026-06-01T00:00:00Z", 2, [.. today.Reverse()])).ShouldSatisfyAllConditions(
            same => same.Added.ShouldBeEmpty(), same => same.Removed.ShouldBeEmpty());
    }

    [Fact]
    public void Too_many_occurrences_end_the_preview_earlier_and_it_says_so()
    {
        SchedulePreview minutes = Preview(runs: true, "2026-06-01T00:00:00Z", 31, Cron(ScheduleAction.Start, "* * * * *"));
        minutes.IsComplete.ShouldBeFalse();
        minutes.Occurrences.Count.ShouldBe(PreviewRules.MostOccurrences);
        minutes.To.ShouldBe(minutes.Occurrences[^1].At + Duration.FromMinutes(1));
        minutes.Running.ShouldBe(minutes.To - minutes.From);
    }

    [Fact]
    public void Both_sides_of_a_difference_end_where_the_first_of_them_does()
    {
        ScheduleModel[] today = [Cron(ScheduleAction.Start, "0 8 * * *"), Cron(ScheduleAction.Stop, "0 18 * * *")];
        ScheduleModel[] changed = [.. today, Cron(ScheduleAction.Stop, "* 20-23 * * *")];
        Instant from = Instant.FromUtc(2026, 6, 1, 0, 0);
        Instant to = from + Duration.FromDays(31);
        foreach (bool swapped in new[] { false, true })
        {
            (SchedulePreview first, SchedulePreview second) = swapped ? PreviewRules.Both(changed, today, false, from, to) : PreviewRules.Both(today, changed, false, from, to);
            first.To.ShouldBe(second.To);
            first.To.ShouldBeInRange(from + Duration.FromDays(8), from + Duration.FromDays(9));
            (first.IsComplete, second.IsComplete).ShouldBe((false, false));
            first.Running.ShouldBe(second.Running);
            first.Occurrences.Concat(second.Occurrences).ShouldAllBe(row => row.At < first.To);
            PreviewDifference difference = PreviewDifference.Between(first, second);
            (difference.Added.Count, difference.Removed.Count).ShouldBe((0, 0));
        }

        (SchedulePreview whole, SchedulePreview other) = PreviewRules.Both(today, [today[0]], false, from, to);
        (whole.To, whole.IsComplete, other.To, other.IsComplete).ShouldBe((to, true, to, true));
    }

    /// <summary>The preview and the rules that fire: on random triggers both must say the same of every occurrence.</summary>
    [Fact]
    public void A_preview_is_what_the_firing_rules_do()
    {
        Instant from = Instant.FromUtc(2026, 3, 20, 0, 0);
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            ScheduleModel[] schedules = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Cron(
                random.Next(2) == 0 ? ScheduleAction.Start : ScheduleAction.Stop, $"{random.Next(4) * 15} {random.Next(0, 24)} * * {random.Next(0, 3)}-6", random.Next(2) == 0 ? Berlin : "UTC"))];
            bool runs = random.Next(2) == 0;
            SchedulePreview preview = PreviewRules.Of(schedules, runs, from, from + Duration.FromDays(14));
            InstanceState state = runs ? InstanceState.Running : InstanceState.Stopped;
            foreach (PreviewOccurrence row in preview.Occurrences)
            {
                bool stopsToo = schedules.Any(other => other.Action == ScheduleAction.Stop && FiringTimes.Of(other).Next(row.At - Duration.Epsilon) == row.At);
                FiringDecision decision = FiringRules.Decide(row.Schedule.Action, state, row.At, row.At, stopsToo);
                row.Outcome.ShouldBe(
                    decision.Outcome switch
                    {
                        FiringOutcome.Ran => row.Schedule.Action == ScheduleAction.Start ? PreviewOutcome.Starts : PreviewOutcome.Stops,
                        FiringOutcome.Conflict => PreviewOutcome.Conflict,
                        _ => PreviewOutcome.NoOp,
                    },
                    $"seed {seed}");
                if (decision.Outcome == FiringOutcome.Ran)
                    state = row.Schedule.Action == ScheduleAction.Start ? InstanceState.Running : InstanceState.Stopped;
            }
        }
    }

    private static SchedulePreview Preview(bool runs, string from, int days, params ScheduleModel[] schedules) => Preview(runs, from, days, [], schedules);

    private static SchedulePreview Preview(bool runs, string from, int days, StopNotice[] notices, params ScheduleModel[] schedules)
    {
        Instant begin = InstantPattern.ExtendedIso.Parse(from).Value;
        return PreviewRules.Of(schedules, runs, begin, begin + Duration.FromDays(days), notices);
    }

    private static ScheduleModel Cron(ScheduleAction action, string expression, string zone = "UTC") =>
        new(Guid.NewGuid(), ScheduleStatus.Enabled, action, new CronModel(null, null, zone, expression), null, Instant.FromUtc(2026, 1, 1, 0, 0));
}
