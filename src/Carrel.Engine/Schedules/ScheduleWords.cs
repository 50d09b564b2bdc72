using Carrel.Instances.Schedules;
using Carrel.Instances.Specs;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Engine.Schedules;

/// <summary>How sentences speak of schedules: the trigger as it was written, and wall times of its zone beside UTC. Pure.</summary>
internal static class ScheduleWords
{
    private static readonly ZonedDateTimePattern Wall = ZonedDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm o<g>", null);

    /// <summary>Such as <c>Stop by cron '0 18 * * MON-FRI' (W. Europe Standard Time)</c>.</summary>
    internal static string Of(ScheduleModel schedule) => schedule switch
    {
        { Cron: { } cron } => $"{schedule.Action} by cron '{cron.Expression}' ({cron.TimeZone})",
        { Recurrence: { } recurrence } => $"{schedule.Action} by recurrence every {recurrence.Interval} {recurrence.Frequency} ({recurrence.TimeZone})",
        _ => schedule.Action.ToString(),
    };

    /// <summary>The wall time of an occurrence in its schedule's zone, such as <c>2026-11-25 18:00 +01</c>.</summary>
    internal static string WallTime(ScheduleModel schedule, Instant due) => Wall.Format(due.InZone(FiringTimes.Of(schedule).Zone));
}
