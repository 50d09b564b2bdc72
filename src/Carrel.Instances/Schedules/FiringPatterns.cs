using Carrel.Instances.Schedules.Days;
using Carrel.Instances.Specs;
using Carrel.Instances.Specs.Validation;
using NodaTime;

namespace Carrel.Instances.Schedules;

/// <summary>Makes firing times of validated triggers.</summary>
internal static class FiringPatterns
{
    /// <summary>A cron trigger: named hours are fixed times, a running hour follows the clock (contract 3.3).</summary>
    public static FiringTimes Of(CronModel model, Instant savedOn)
    {
        ArgumentNullException.ThrowIfNull(model.Expression);
        var cron = CronFields.Read(model.Expression).Expression ?? throw new ArgumentException("Not a cron expression.", nameof(model));
        var anchor = TriggerAnchor.Of(model.StartTime, model.EndTime, model.TimeZone, savedOn);
        var times = new WallTimes(new CronDays(cron), new TimesOfDay((uint)cron.Hours, cron.Minutes));
        return cron.HoursBeginWithStar
            ? OnTheWall(times, anchor, GapRule.LeaveOut, OverlapRule.BothPasses)
            : OnTheWall(times, anchor, GapRule.ShiftForward, OverlapRule.FirstPass);
    }

    /// <summary>A recurrence: elapsed time by minute and hour, fixed times by day, week and month (contract 3.4).</summary>
    public static FiringTimes Of(RecurrenceModel model, Instant savedOn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(model.Interval, 1);
        if (model is { Hours: null } or { Minutes: null } or { WeekDays: null } or { MonthDays: null } or { MonthlyOccurrences: null })
        {
            throw new ArgumentException("A list is missing.", nameof(model));
        }

        var anchor = TriggerAnchor.Of(model.StartTime, model.EndTime, model.TimeZone, savedOn);
        return model.Frequency switch
        {
            RecurrenceFrequency.Minute => Elapsed(anchor, Duration.FromMinutes(model.Interval)),
            RecurrenceFrequency.Hour => Elapsed(anchor, Duration.FromHours(model.Interval)),
            _ => OnTheWall(new WallTimes(Days(model, anchor.Wall.Date), Times(model, anchor.Wall)), anchor, GapRule.ShiftForward, OverlapRule.FirstPass),
        };
    }

    private static FiringTimes OnTheWall(WallTimes times, TriggerAnchor anchor, GapRule gap, OverlapRule overlap) =>
        new(new WallClockPattern(times, anchor.Zone, gap, overlap), anchor, gap, overlap);

    private static FiringTimes Elapsed(TriggerAnchor anchor, Duration interval) =>
        new(new ElapsedPattern(anchor.At, interval), anchor, GapRule.LeaveOut, OverlapRule.BothPasses);

    private static IDayRule Days(RecurrenceModel model, LocalDate anchor) => model.Frequency switch
    {
        RecurrenceFrequency.Day => new EveryDays(anchor, model.Interval),
        RecurrenceFrequency.Week => new EveryWeeks(anchor, model.Interval, WeekDays(model, anchor)),
        _ => new EveryMonths(anchor, model.Interval, model.MonthDays, model.MonthlyOccurrences),
    };

    private static uint WeekDays(RecurrenceModel model, LocalDate anchor) => model.WeekDays.Count == 0
        ? 1u << MonthBits.Sunday0(anchor)
        : (uint)MonthBits.Of(model.WeekDays.Select(day => (int)day));

    /// <summary>What the lists leave out comes from the anchor, also the hour when only minutes are given (decision D5).</summary>
    private static TimesOfDay Times(RecurrenceModel model, LocalDateTime anchor) => new(
        model.Hours.Count == 0 ? 1u << anchor.Hour : (uint)MonthBits.Of(model.Hours),
        model.Minutes.Count == 0 ? 1UL << anchor.Minute : MonthBits.Of(model.Minutes));
}
