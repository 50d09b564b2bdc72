using Carrel.Instances.Schedules;
using Carrel.Instances.Specs;

namespace Carrel.Engine.Schedules;

/// <summary>Firing times of stored schedules. One that cannot be read, because its zone has left the table of zones, say, fires never and harms no other.</summary>
internal static class ScheduleTimes
{
    /// <summary>The firing times, or null when the schedule cannot be read.</summary>
    internal static FiringTimes? Of(ScheduleModel schedule)
    {
        try
        {
            return FiringTimes.Of(schedule);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
