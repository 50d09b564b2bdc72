namespace Carrel.Instances.Schedules;

/// <summary>A cron expression, read (contract 3.2); each set is bits, bit n for the number n.</summary>
/// <param name="Minutes">0 to 59.</param>
/// <param name="Hours">0 to 23.</param>
/// <param name="Days">Days of the month, 1 to 31.</param>
/// <param name="Months">1 to 12.</param>
/// <param name="WeekDays">0 to 6, Sunday 0.</param>
/// <param name="HoursBeginWithStar">The trigger runs through the hours of the clock instead of naming times (contract 3.3).</param>
/// <param name="DaysBeginWithStar">The day of the month does not restrict (contract 3.2).</param>
/// <param name="WeekDaysBeginWithStar">The day of the week does not restrict.</param>
internal sealed record CronExpression(
    ulong Minutes,
    ulong Hours,
    ulong Days,
    ulong Months,
    ulong WeekDays,
    bool HoursBeginWithStar,
    bool DaysBeginWithStar,
    bool WeekDaysBeginWithStar);
