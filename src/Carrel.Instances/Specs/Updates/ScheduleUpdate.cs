using Carrel.Instances.Specs.Validation;

namespace Carrel.Instances.Specs.Updates;

/// <summary>Schedules of an update: what a reader lost (ids, monthDays, endTime) is no difference, and the stored member stays (contract 1.6).</summary>
internal static class ScheduleUpdate
{
    public static IReadOnlyList<ScheduleModel> Apply(
        IReadOnlyList<ScheduleModel> stored, IReadOnlyList<ScheduleSpec> sent, ValidationContext context, List<Finding> findings, string path = Paths.Schedules)
    {
        // Validation first and for all: a bad item is an error whether or not the others changed. Lists a reader lost are no error.
        var fresh = ScheduleValidator.Validate(sent, context, findings, path);
        if (fresh.Count != sent.Count)
        {
            return stored;
        }

        var free = stored.ToList();
        var partners = new ScheduleModel?[sent.Count];
        Match((item, candidate) => Guid.TryParse(item.Id, out var id) && id == candidate.Id);
        Match((item, candidate) => SameTrigger(candidate, item) && SameRest(candidate, item));
        Match(SameTriggerOf);
        return [.. sent.Select((item, i) => Merge(partners[i], item, fresh[i]))];

        bool SameTriggerOf(ScheduleSpec item, ScheduleModel candidate) => SameTrigger(candidate, item);

        void Match(Func<ScheduleSpec, ScheduleModel, bool> fits)
        {
            for (var i = 0; i < sent.Count; i++)
            {
                if (partners[i] is null && free.Find(candidate => fits(sent[i], candidate)) is { } partner)
                {
                    partners[i] = partner;
                    free.Remove(partner);
                }
            }
        }
    }

    /// <summary>A changed trigger counts as saved now; a change of status or action alone does not (contract 3.1).</summary>
    private static ScheduleModel Merge(ScheduleModel? stored, ScheduleSpec sent, ScheduleModel fresh)
    {
        if (stored is null)
        {
            return fresh;
        }

        var changed = SameTrigger(stored, sent) ? stored : fresh with { Id = stored.Id };
        return changed with { Action = fresh.Action, Status = sent.Status is null ? stored.Status : fresh.Status };
    }

    /// <summary>Whether two triggers say the same, nothing left out of either.</summary>
    public static bool IsSameTrigger(ScheduleModel left, ScheduleModel right) =>
        (left.Cron, right.Cron, left.Recurrence, right.Recurrence) switch
        {
            ({ } a, { } b, _, _) => IsSameTime(a.StartTime, b.StartTime) && IsSameTime(a.EndTime, b.EndTime)
                && EnumWord.Same(a.TimeZone, b.TimeZone) && EnumWord.Same(a.Expression, b.Expression),
            (_, _, { } a, { } b) => IsSameTime(a.StartTime, b.StartTime) && IsSameTime(a.EndTime, b.EndTime)
                && EnumWord.Same(a.TimeZone, b.TimeZone) && a.Frequency == b.Frequency && a.Interval == b.Interval
                && SameSet(a.Hours, b.Hours) && SameSet(a.Minutes, b.Minutes) && SameSet(a.WeekDays, b.WeekDays)
                && SameSet(a.MonthDays, b.MonthDays) && SameSet(a.MonthlyOccurrences, b.MonthlyOccurrences),
            _ => false,
        };

    private static bool IsSameTime(string? left, string? right) => left is null ? right is null : right is not null && SameTime(left, right);

    private static bool SameRest(ScheduleModel stored, ScheduleSpec sent) =>
        EnumWord.Same(stored.Action.ToString(), sent.Action) && (sent.Status is null || EnumWord.Same(stored.Status.ToString(), sent.Status));

    private static bool SameTrigger(ScheduleModel stored, ScheduleSpec sent) =>
        EnumWord.Same(sent.TriggerType, "Cron") ? Same(stored.Cron, sent.Cron) : Same(stored.Recurrence, sent.Recurrence);

    private static bool Same(CronModel? stored, CronSpec? sent) =>
        stored is not null && sent is not null
        && SameTime(stored.StartTime, sent.StartTime) && SameTime(stored.EndTime, sent.EndTime)
        && (sent.TimeZone is null || EnumWord.Same(stored.TimeZone, sent.TimeZone))
        && (sent.Expression is null || EnumWord.Same(stored.Expression, CronFields.Trim(sent.Expression)));

    private static bool Same(RecurrenceModel? stored, RecurrenceSpec? sent) =>
        stored is not null && sent is not null
        && SameTime(stored.StartTime, sent.StartTime) && SameTime(stored.EndTime, sent.EndTime)
        && (sent.TimeZone is null || EnumWord.Same(stored.TimeZone, sent.TimeZone))
        && (sent.Frequency is null || EnumWord.Same(stored.Frequency.ToString(), sent.Frequency))
        && (sent.Interval is null || stored.Interval == sent.Interval)
        && SameSet(stored.Hours, sent.Hours) && SameSet(stored.Minutes, sent.Minutes) && SameSet(stored.MonthDays, sent.MonthDays)
        && SameSet(stored.WeekDays, sent.WeekDays?.Select(day => EnumWord.Read<DayOfWeek>(day) ?? default))
        && SameSet(
            stored.MonthlyOccurrences,
            sent.MonthlyOccurrences?.Select(item => new MonthlyOccurrence(EnumWord.Read<DayOfWeek>(item.Day) ?? default, item.Occurrence)));

    private static bool SameTime(string? stored, string? sent) =>
        sent is null
        || (stored is not null && TriggerTime.Read(stored) == TriggerTime.Read(sent) && stored.EndsWith('Z') == sent.EndsWith('Z'));

    private static bool SameSet<T>(IReadOnlyList<T> stored, IEnumerable<T>? sent) => sent is null || stored.ToHashSet().SetEquals(sent);
}
