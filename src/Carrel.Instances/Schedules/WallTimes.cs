using Carrel.Instances.Schedules.Days;
using NodaTime;

namespace Carrel.Instances.Schedules;

/// <summary>The wall times of a trigger: its times of day on its days, whole minutes, no zone.</summary>
internal sealed class WallTimes(IDayRule days, TimesOfDay times)
{
    private const long NanosecondsPerMinute = NodaConstants.NanosecondsPerMinute;

    /// <summary>The first one at or after <paramref name="from"/> and before <paramref name="before"/>, or null.</summary>
    public LocalDateTime? First(LocalDateTime from, LocalDateTime before)
    {
        if (from >= before)
        {
            return null;
        }

        var minute = (int)((from.TimeOfDay.NanosecondOfDay + NanosecondsPerMinute - 1) / NanosecondsPerMinute);
        var day = days.First(from.Date, before.Date);
        if (day == from.Date)
        {
            if (times.From(minute) is { } today)
            {
                return Before(from.Date, today, before);
            }

            day = days.First(from.Date.PlusDays(1), before.Date);
        }

        return day is { } later ? Before(later, times.First, before) : null;
    }

    private static LocalDateTime? Before(LocalDate day, int minute, LocalDateTime before)
    {
        var found = day + LocalTime.FromMinutesSinceMidnight(minute);
        return found < before ? found : null;
    }
}
