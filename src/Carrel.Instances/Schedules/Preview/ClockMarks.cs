using Carrel.Instances.Specs;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Instances.Schedules.Preview;

/// <summary>Tells which occurrences a change of clocks has moved or doubled. Pure.</summary>
internal sealed class ClockMarks
{
    private static readonly LocalDateTimePattern StartTime = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss");

    private readonly FiringTimes _times;
    private readonly FiringTimes _wall;

    /// <summary>Of a schedule.</summary>
    internal ClockMarks(ScheduleModel schedule, FiringTimes times) => (_times, _wall) = (times, FiringTimes.Of(InUtc(schedule, times.Zone)));

    /// <summary>The mark of one occurrence.</summary>
    internal ClockMark Of(Instant due)
    {
        var wall = due.InZone(_times.Zone).LocalDateTime;
        var mapping = _times.Zone.MapLocal(wall);
        if (mapping.Count == 2)
        {
            return mapping.First().ToInstant() == due ? ClockMark.FirstPass : ClockMark.SecondPass;
        }

        return _times.Gap == GapRule.ShiftForward && IsShifted(due, wall) ? ClockMark.Shifted : ClockMark.None;
    }

    // Behind a gap lie both what was moved out of it and what is meant for that time; the trigger without a zone tells which.
    private bool IsShifted(Instant due, LocalDateTime wall)
    {
        var period = _times.Zone.GetZoneInterval(due);
        if (!period.HasStart)
        {
            return false;
        }

        var gap = period.WallOffset - _times.Zone.GetZoneInterval(period.Start - Duration.Epsilon).WallOffset;
        if (gap <= Offset.Zero || wall >= period.IsoLocalStart.PlusNanoseconds(gap.Nanoseconds))
        {
            return false;
        }

        var meant = wall.PlusNanoseconds(-gap.Nanoseconds).InUtc().ToInstant();
        return _wall.FallsOn(meant) && !_wall.FallsOn(wall.InUtc().ToInstant());
    }

    // The same wall times in a zone without changes, counted from the same wall time.
    private static ScheduleModel InUtc(ScheduleModel schedule, DateTimeZone zone)
    {
        var start = (schedule.Cron?.StartTime ?? schedule.Recurrence?.StartTime)?.TrimEnd('Z')
            ?? StartTime.Format(schedule.TriggerSavedOn.InZone(zone).LocalDateTime.With(TimeAdjusters.TruncateToMinute));
        return schedule with
        {
            Cron = schedule.Cron is { } cron ? cron with { TimeZone = "UTC", StartTime = start, EndTime = null } : null,
            Recurrence = schedule.Recurrence is { } recurrence ? recurrence with { TimeZone = "UTC", StartTime = start, EndTime = null } : null,
        };
    }
}
