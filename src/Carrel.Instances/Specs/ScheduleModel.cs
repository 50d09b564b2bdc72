using NodaTime;

namespace Carrel.Instances.Specs;

/// <summary>Whether a schedule fires.</summary>
public enum ScheduleStatus
{
    /// <summary>It fires.</summary>
    Enabled,

    /// <summary>It is kept and does not fire.</summary>
    Disabled,
}

/// <summary>What a schedule does.</summary>
public enum ScheduleAction
{
    /// <summary>Starts the instance.</summary>
    Start,

    /// <summary>Stops the instance.</summary>
    Stop,
}

/// <summary>Unit of a recurrence (contract 3.4).</summary>
public enum RecurrenceFrequency
{
    /// <summary>Minutes of elapsed time.</summary>
    Minute,

    /// <summary>Hours of elapsed time.</summary>
    Hour,

    /// <summary>Days.</summary>
    Day,

    /// <summary>Weeks, starting on Sunday.</summary>
    Week,

    /// <summary>Months.</summary>
    Month,
}

/// <summary>One start or stop schedule (contract 3.1); exactly one of the two triggers is set.</summary>
/// <param name="Id">Identity, given by the service.</param>
/// <param name="Status">Whether it fires.</param>
/// <param name="Action">What it does.</param>
/// <param name="Cron">Cron trigger, or null.</param>
/// <param name="Recurrence">Recurrence trigger, or null.</param>
/// <param name="TriggerSavedOn">When the trigger was saved: the anchor where it has no start time (contract 3.3).</param>
public sealed record ScheduleModel(
    Guid Id, ScheduleStatus Status, ScheduleAction Action, CronModel? Cron, RecurrenceModel? Recurrence, Instant TriggerSavedOn);

/// <summary>A cron trigger.</summary>
/// <param name="StartTime">Wall time as sent, or null.</param>
/// <param name="EndTime">Wall time as sent, or null.</param>
/// <param name="TimeZone">Windows or IANA id as sent.</param>
/// <param name="Expression">Five fields, blanks trimmed.</param>
public sealed record CronModel(string? StartTime, string? EndTime, string TimeZone, string Expression);

/// <summary>A recurrence trigger.</summary>
/// <param name="StartTime">Wall time as sent, or null.</param>
/// <param name="EndTime">Wall time as sent, or null.</param>
/// <param name="TimeZone">Windows or IANA id as sent.</param>
/// <param name="Frequency">Unit.</param>
/// <param name="Interval">Every how many units.</param>
/// <param name="Hours">Hours of the day; empty means the anchor's.</param>
/// <param name="Minutes">Minutes of the hour; empty means the anchor's.</param>
/// <param name="WeekDays">Week days; empty means the anchor's.</param>
/// <param name="MonthDays">Days of the month, negative from its end.</param>
/// <param name="MonthlyOccurrences">Week days of the month.</param>
public sealed record RecurrenceModel(
    string? StartTime,
    string? EndTime,
    string TimeZone,
    RecurrenceFrequency Frequency,
    int Interval,
    IReadOnlyList<int> Hours,
    IReadOnlyList<int> Minutes,
    IReadOnlyList<DayOfWeek> WeekDays,
    IReadOnlyList<int> MonthDays,
    IReadOnlyList<MonthlyOccurrence> MonthlyOccurrences);

/// <summary>A week day of the month.</summary>
/// <param name="Day">The week day.</param>
/// <param name="Occurrence">Which one, negative from the end, or null for every one.</param>
public sealed record MonthlyOccurrence(DayOfWeek Day, int? Occurrence);
