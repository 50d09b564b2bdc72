namespace Carrel.Instances.Specs;

/// <summary>One item of <c>computeStartStop</c> as sent (contract 3.1).</summary>
/// <param name="Id"><c>id</c>; a known one keeps the item's identity.</param>
/// <param name="Status"><c>status</c>.</param>
/// <param name="Action"><c>action</c>.</param>
/// <param name="TriggerType"><c>triggerType</c>.</param>
/// <param name="Cron"><c>cron</c>.</param>
/// <param name="Recurrence"><c>recurrence</c>.</param>
public sealed record ScheduleSpec(
    string? Id, string? Status, string? Action, string? TriggerType, CronSpec? Cron, RecurrenceSpec? Recurrence)
{
    /// <summary>Names of what belongs into <c>recurrence.schedule</c> and was sent here, where it would have no effect.</summary>
    public IReadOnlyList<string> Misplaced { get; init; } = [];
}

/// <summary>A cron trigger as sent.</summary>
/// <param name="StartTime">Wall time of the first possible firing.</param>
/// <param name="EndTime">Wall time of the last possible firing.</param>
/// <param name="TimeZone">Windows or IANA id.</param>
/// <param name="Expression">Five fields (contract 3.2).</param>
public sealed record CronSpec(string? StartTime, string? EndTime, string? TimeZone, string? Expression)
{
    /// <summary>Names of what belongs into <c>recurrence.schedule</c> and was sent here, where it would have no effect.</summary>
    public IReadOnlyList<string> Misplaced { get; init; } = [];
}

/// <summary>A recurrence trigger as sent; its lists come from <c>recurrence.schedule</c>, an empty list counts as not sent (contract 3.4).</summary>
/// <param name="StartTime">Wall time of the first possible firing.</param>
/// <param name="EndTime">Wall time of the last possible firing.</param>
/// <param name="TimeZone">Windows or IANA id.</param>
/// <param name="Frequency">Minute, Hour, Day, Week or Month.</param>
/// <param name="Interval">Every how many of them.</param>
/// <param name="Hours">Hours of the day.</param>
/// <param name="Minutes">Minutes of the hour.</param>
/// <param name="WeekDays">Names of week days.</param>
/// <param name="MonthDays">Days of the month, negative from its end.</param>
/// <param name="MonthlyOccurrences">Such as the second Friday.</param>
public sealed record RecurrenceSpec(
    string? StartTime,
    string? EndTime,
    string? TimeZone,
    string? Frequency,
    int? Interval,
    IReadOnlyList<int>? Hours,
    IReadOnlyList<int>? Minutes,
    IReadOnlyList<string>? WeekDays,
    IReadOnlyList<int>? MonthDays,
    IReadOnlyList<MonthlyOccurrenceSpec>? MonthlyOccurrences)
{
    /// <summary>Names of what belongs into <c>recurrence.schedule</c> and was sent here, where it would have no effect.</summary>
    public IReadOnlyList<string> Misplaced { get; init; } = [];
}

/// <summary>A week day of the month as sent.</summary>
/// <param name="Day">Name of the week day.</param>
/// <param name="Occurrence">Which one, negative from the end; absent means every one.</param>
public sealed record MonthlyOccurrenceSpec(string? Day, int? Occurrence);
