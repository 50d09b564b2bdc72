using Carrel.Instances.Schedules.Days;
using NodaTime;

namespace Carrel.Instances.Specs.Validation;

/// <summary>Schedules (contract 3.1 to 3.4): shape, words and ranges.</summary>
internal static class ScheduleValidator
{
    private const int MaximumCount = 4;

    /// <summary>A cron expression that matches no date for this long is refused as one that never will (contract 3.2).</summary>
    private const int LongestWaitYears = 8;

    /// <summary>The schedules asked for; complete only when nothing was found.</summary>
    public static IReadOnlyList<ScheduleModel> Validate(
        IReadOnlyList<ScheduleSpec> schedules, ValidationContext context, List<Finding> findings, string path = Paths.Schedules)
    {
        if (schedules.Count > MaximumCount)
        {
            findings.Add(new Finding(
                FindingCodes.TooManySchedules, $"An instance has at most four schedules; {schedules.Count} were sent.", path));
            return [];
        }

        return [.. schedules.Select((item, i) => Item(item, $"{path}[{i}]", context, findings)).OfType<ScheduleModel>()];
    }

    /// <summary>One schedule as a new one: its own id, its trigger saved now.</summary>
    internal static ScheduleModel? Item(ScheduleSpec item, string path, ValidationContext context, List<Finding> findings)
    {
        var before = findings.Count;
        var check = new Checker(path, context.Now, findings);
        check.Misplaced("", item.Misplaced);
        var action = check.Word<ScheduleAction>(item.Action, "action");
        var status = item.Status is null ? ScheduleStatus.Enabled : check.Word<ScheduleStatus>(item.Status, "status");
        var cron = default(CronModel);
        var recurrence = default(RecurrenceModel);
        if (EnumWord.Same(item.TriggerType, "Cron"))
        {
            cron = Cron(item.Cron, check);
        }
        else if (EnumWord.Same(item.TriggerType, "Recurrence"))
        {
            recurrence = Recurrence(item.Recurrence, check);
        }
        else
        {
            check.Bad("triggerType", "'triggerType' must be 'Cron' or 'Recurrence'.");
        }

        return findings.Count > before ? null : new ScheduleModel(context.NewId(), status!.Value, action!.Value, cron, recurrence, context.Now);
    }

    internal static CronModel? Cron(CronSpec? cron, Checker check)
    {
        if (cron is null)
        {
            check.Bad("cron", "A schedule with 'triggerType' Cron needs a 'cron' object.");
            return null;
        }

        check.Misplaced("cron.", cron.Misplaced);
        check.Times("cron", cron.StartTime, cron.EndTime, cron.TimeZone);
        var reading = CronFields.Read(cron.Expression);
        if (reading.Problem is { } problem)
        {
            check.Bad("cron.expression", problem);
        }
        else if (!MatchesSoon(new CronDays(reading.Expression!), cron.StartTime, check.Now))
        {
            check.Bad("cron.expression", $"The cron expression matches no date within {LongestWaitYears} years.");
        }

        return new CronModel(cron.StartTime, cron.EndTime, cron.TimeZone ?? "UTC", CronFields.Trim(cron.Expression ?? ""));
    }

    private static bool MatchesSoon(CronDays days, string? startTime, Instant now)
    {
        var today = now.InUtc().Date;
        var from = startTime is not null && TriggerTime.IsGood(startTime, now) ? LocalDate.Max(TriggerTime.Read(startTime)!.Value.Date, today) : today;
        return days.First(from, from.PlusYears(LongestWaitYears)) is not null;
    }

    internal static RecurrenceModel? Recurrence(RecurrenceSpec? recurrence, Checker check)
    {
        if (recurrence is null)
        {
            check.Bad("recurrence", "A schedule with 'triggerType' Recurrence needs a 'recurrence' object.");
            return null;
        }

        check.Misplaced("recurrence.", recurrence.Misplaced);
        check.Times("recurrence", recurrence.StartTime, recurrence.EndTime, recurrence.TimeZone);
        var interval = recurrence.Interval ?? 1;
        if (check.Word<RecurrenceFrequency>(recurrence.Frequency, "recurrence.frequency") is not { } frequency)
        {
            return null;
        }

        if (interval < 1 || interval > MaximumInterval(frequency))
        {
            check.Bad("recurrence.interval", $"'interval' of {frequency} is 1 to {MaximumInterval(frequency)}.");
        }

        CheckLists(recurrence, frequency, check);
        return new RecurrenceModel(
            recurrence.StartTime,
            recurrence.EndTime,
            recurrence.TimeZone ?? "UTC",
            frequency,
            interval,
            Distinct(recurrence.Hours),
            Distinct(recurrence.Minutes),
            Distinct(recurrence.WeekDays?.Select(day => check.Word<DayOfWeek>(day, "recurrence.schedule.weekDays") ?? default)),
            Distinct(recurrence.MonthDays),
            Distinct(recurrence.MonthlyOccurrences?.Select(item => new MonthlyOccurrence(
                check.Word<DayOfWeek>(item.Day, "recurrence.schedule.monthlyOccurrences") ?? default, item.Occurrence))));
    }

    /// <summary>A time given twice fires once, and a list cannot grow beyond its range.</summary>
    private static IReadOnlyList<T> Distinct<T>(IEnumerable<T>? items) => items is null ? [] : [.. items.Distinct()];

    private static int MaximumInterval(RecurrenceFrequency frequency) => frequency switch
    {
        RecurrenceFrequency.Month => 16,
        RecurrenceFrequency.Week => 71,
        RecurrenceFrequency.Day => 500,
        RecurrenceFrequency.Hour => 12000,
        _ => 72000,
    };

    private static void CheckLists(RecurrenceSpec recurrence, RecurrenceFrequency frequency, Checker check)
    {
        var timed = frequency is RecurrenceFrequency.Day or RecurrenceFrequency.Week or RecurrenceFrequency.Month;
        check.List("hours", recurrence.Hours, timed, "Day, Week and Month", hour => hour is >= 0 and <= 23, "0 to 23");
        check.List("minutes", recurrence.Minutes, timed, "Day, Week and Month", minute => minute is >= 0 and <= 59, "0 to 59");
        check.List("weekDays", recurrence.WeekDays, frequency == RecurrenceFrequency.Week, "Week", _ => true, "");
        var monthly = frequency == RecurrenceFrequency.Month;
        check.List("monthDays", recurrence.MonthDays, monthly, "Month", day => day is (>= 1 and <= 31) or (>= -31 and <= -1), "1 to 31 or -31 to -1");
        check.List(
            "monthlyOccurrences",
            recurrence.MonthlyOccurrences,
            monthly,
            "Month",
            item => item.Occurrence is null or (>= 1 and <= 5) or (>= -5 and <= -1),
            "occurrences 1 to 5 or -5 to -1");
    }

    /// <summary>Collects what is wrong with one schedule, or with a trigger alone: then the path is empty.</summary>
    internal sealed class Checker(string path, Instant now, List<Finding> findings)
    {
        public Instant Now => now;

        public void Bad(string member, string message) =>
            findings.Add(new Finding(FindingCodes.InvalidSchedule, message, path.Length == 0 ? member : $"{path}.{member}"));

        public void Misplaced(string place, IReadOnlyList<string> names)
        {
            foreach (var name in names)
            {
                Bad(place + name, $"'{place}{name}' has no effect: write it into 'recurrence.schedule', as 'recurrence.schedule.{name}'.");
            }
        }

        public T? Word<T>(string? text, string member) where T : struct, Enum
        {
            var word = EnumWord.Read<T>(text);
            if (word is null)
            {
                Bad(member, $"'{member}' must be one of {EnumWord.List<T>()}.");
            }

            return word;
        }

        public void Times(string trigger, string? start, string? end, string? zone)
        {
            foreach (var (name, time) in new[] { ("startTime", start), ("endTime", end) })
            {
                if (time is not null && !TriggerTime.IsGood(time, now))
                {
                    Bad($"{trigger}.{name}", $"'{name}' must be a wall time yyyy-MM-ddTHH:mm:ss without offset, with hours 00 to 23 and at most 49 years ahead.");
                }
            }

            if (zone is not null && !TriggerTime.IsZone(zone))
            {
                Bad($"{trigger}.timeZone", $"The time zone '{ComputeInstanceValidator.Shorten(zone)}' is not known; use a Windows or IANA id, such as 'W. Europe Standard Time' or 'Europe/Berlin'.");
            }
        }

        public void List<T>(string name, IReadOnlyList<T>? list, bool allowed, string where, Func<T, bool> isGood, string range)
        {
            var member = $"recurrence.schedule.{name}";
            if (list is not null && !allowed)
            {
                Bad(member, $"'{name}' is only for the frequencies {where}.");
            }
            else if (list is not null && !list.All(isGood))
            {
                Bad(member, $"'{name}' takes {range}.");
            }
        }
    }
}
