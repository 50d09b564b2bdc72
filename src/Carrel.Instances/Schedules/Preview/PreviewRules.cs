using Carrel.Instances.Notices;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Schedules.Preview;

/// <summary>Works out what schedules will do (contract 3.5), by the rules that fire them. Pure.</summary>
public static class PreviewRules
{
    /// <summary>More occurrences are not looked at: a trigger of every minute has 44,640 in a month, and nobody reads them.</summary>
    public const int MostOccurrences = 2000;

    /// <summary>Previews schedules.</summary>
    /// <param name="schedules">The schedules; disabled ones do nothing.</param>
    /// <param name="runs">Whether the instance runs at the begin.</param>
    /// <param name="from">Begin; what is due at it has happened.</param>
    /// <param name="to">End, excluded.</param>
    /// <param name="notices">Announced stops, some of which were dismissed or put off.</param>
    public static SchedulePreview Of(IReadOnlyList<ScheduleModel> schedules, bool runs, Instant from, Instant to, IReadOnlyList<StopNotice>? notices = null)
    {
        var enabled = schedules.Where(schedule => schedule.Status == ScheduleStatus.Enabled).ToLookup(schedule => FiringTimes.TryOf(schedule) is not null);
        var coming = Coming([.. enabled[true]], from, to, notices ?? []).Take(MostOccurrences + 1).ToList();
        var complete = coming.Count <= MostOccurrences;
        var end = complete ? to : coming[MostOccurrences].At;
        // Those that share the instant of the end are not looked at either.
        var looked = complete ? coming : [.. coming.Where(occurrence => occurrence.At < end)];
        var rows = new List<PreviewOccurrence>(looked.Count);
        var (running, since) = (Duration.Zero, from);
        foreach (var occurrence in looked)
        {
            var outcome = Outcome(occurrence, looked, runs);
            rows.Add(occurrence with { Outcome = outcome });
            if (outcome == PreviewOutcome.Starts)
            {
                (runs, since) = (true, occurrence.At);
            }
            else if (outcome == PreviewOutcome.Stops)
            {
                (runs, running) = (false, running + (occurrence.At - since));
            }
        }

        return new SchedulePreview(from, end, complete, rows, runs ? running + (end - since) : running) { Unreadable = [.. enabled[false]] };
    }

    /// <summary>
    /// Previews what is and what is thought of, for the same time: when one of them ends earlier, because it has too many occurrences, so does the other.
    /// Hours of different times cannot be compared.
    /// </summary>
    /// <param name="today">The schedules as they are.</param>
    /// <param name="changed">The schedules that are thought of.</param>
    /// <param name="runs">Whether the instance runs at the begin.</param>
    /// <param name="from">Begin; what is due at it has happened.</param>
    /// <param name="to">End, excluded.</param>
    /// <param name="notices">Announced stops, some of which were dismissed or put off.</param>
    public static (SchedulePreview Today, SchedulePreview Changed) Both(
        IReadOnlyList<ScheduleModel> today, IReadOnlyList<ScheduleModel> changed, bool runs, Instant from, Instant to, IReadOnlyList<StopNotice>? notices = null)
    {
        var (first, second) = (Of(today, runs, from, to, notices), Of(changed, runs, from, to, notices));
        var end = Instant.Min(first.To, second.To);
        return (UpTo(first, today), UpTo(second, changed));

        SchedulePreview UpTo(SchedulePreview preview, IReadOnlyList<ScheduleModel> schedules) =>
            preview.To == end ? preview : Of(schedules, runs, from, end, notices) with { IsComplete = false };
    }

    private static PreviewOutcome Outcome(PreviewOccurrence occurrence, List<PreviewOccurrence> all, bool runs) => occurrence switch
    {
        { Outcome: PreviewOutcome.Dismissed } => PreviewOutcome.Dismissed,
        { Schedule.Action: ScheduleAction.Stop } => runs ? PreviewOutcome.Stops : PreviewOutcome.NoOp,
        _ when StopsToo(occurrence, all) => PreviewOutcome.Conflict,
        _ => runs ? PreviewOutcome.NoOp : PreviewOutcome.Starts,
    };

    // As FiringRules: at one instant Stop wins, unless it was taken back or put off.
    private static bool StopsToo(PreviewOccurrence start, List<PreviewOccurrence> all) => all.Exists(other =>
        other.Schedule.Action == ScheduleAction.Stop && other.Due == start.Due && other.At == start.At && other.Outcome != PreviewOutcome.Dismissed);

    // Stops come before starts of their instant. What was put off comes at its new time, while its schedule still stops at its old one: a change that ends that ends the notice.
    private static IEnumerable<PreviewOccurrence> Coming(List<ScheduleModel> enabled, Instant from, Instant to, IReadOnlyList<StopNotice> notices)
    {
        var putOff = notices.Where(notice => notice is { IsOpen: true, ScheduleId: not null } && notice.Snoozed > Duration.Zero && notice.FireAt > from && notice.FireAt < to).ToList();
        var streams = enabled.Select(schedule => Stream(schedule, from, to, notices)).ToList();
        streams.Add(putOff
            .Select(notice => (Notice: notice, Schedule: enabled.Find(schedule => schedule.Id == notice.ScheduleId)))
            .Where(pair => pair.Schedule is { Action: ScheduleAction.Stop } schedule && FiringTimes.Of(schedule).FallsOn(pair.Notice.Due))
            .OrderBy(pair => pair.Notice.FireAt)
            .Select(pair => new PreviewOccurrence(
                pair.Schedule!, pair.Notice.Due, pair.Notice.FireAt, FiringTimes.Of(pair.Schedule!).Zone, ClockMark.None, Offset.Zero, PreviewOutcome.NoOp)));
        return Merge(streams);
    }

    private static IEnumerable<PreviewOccurrence> Stream(ScheduleModel schedule, Instant from, Instant to, IReadOnlyList<StopNotice> notices)
    {
        var times = FiringTimes.Of(schedule);
        var marks = new ClockMarks(schedule, times);
        var before = default(Offset?);
        for (var next = times.Next(from); next is { } due && due < to; next = times.Next(due))
        {
            var notice = schedule.Action == ScheduleAction.Stop ? notices.FirstOrDefault(notice => notice.ScheduleId == schedule.Id && notice.Due == due) : null;
            if (notice is { IsOpen: true } && notice.Snoozed > Duration.Zero)
            {
                continue;
            }

            var offset = times.Zone.GetUtcOffset(due);
            var dismissed = notice is { State: NoticeState.Dismissed };
            yield return new PreviewOccurrence(
                schedule, due, due, times.Zone, marks.Of(due), before is { } last ? offset - last : Offset.Zero, dismissed ? PreviewOutcome.Dismissed : PreviewOutcome.NoOp);
            before = offset;
        }
    }

    private static IEnumerable<PreviewOccurrence> Merge(List<IEnumerable<PreviewOccurrence>> streams)
    {
        var heads = streams.Select(stream => stream.GetEnumerator()).Where(head => head.MoveNext()).ToList();
        try
        {
            while (heads.Count > 0)
            {
                var first = heads.MinBy(head => (head.Current.At, head.Current.Schedule.Action == ScheduleAction.Stop ? 0 : 1))!;
                yield return first.Current;
                if (!first.MoveNext())
                {
                    heads.Remove(first);
                    first.Dispose();
                }
            }
        }
        finally
        {
            heads.ForEach(head => head.Dispose());
        }
    }
}
