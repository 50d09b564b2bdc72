using System.Numerics;

namespace Carrel.Instances.Schedules;

/// <summary>The times of a matching day: every hour combined with every minute (contract 3.4).</summary>
/// <param name="Hours">Bits 0 to 23; at least one.</param>
/// <param name="Minutes">Bits 0 to 59; at least one.</param>
internal readonly record struct TimesOfDay(uint Hours, ulong Minutes)
{
    /// <summary>The first time of the day, in minutes since midnight.</summary>
    public int First => (BitOperations.TrailingZeroCount(Hours) * 60) + BitOperations.TrailingZeroCount(Minutes);

    /// <summary>The first time at or after one, in minutes since midnight, or null; <paramref name="minute"/> is 0 to 1440.</summary>
    public int? From(int minute)
    {
        var (hour, rest) = (minute / 60, minute % 60);
        if ((Hours >> hour & 1) != 0 && Minutes >> rest << rest is var inHour and not 0)
        {
            return (hour * 60) + BitOperations.TrailingZeroCount(inHour);
        }

        var later = Hours & (uint.MaxValue << (hour + 1));
        return hour < 24 && later != 0 ? (BitOperations.TrailingZeroCount(later) * 60) + BitOperations.TrailingZeroCount(Minutes) : null;
    }
}
