using System.Numerics;
using NodaTime;

namespace Carrel.Instances.Schedules.Days;

/// <summary>
/// Days of every so many calendar weeks, counted from the anchor's week; weeks start on Sunday (contract 3.4, decision D6).
/// </summary>
/// <param name="anchor">A day of the week that counts as the first.</param>
/// <param name="interval">Every how many weeks.</param>
/// <param name="weekDays">Bit 0 is Sunday; at least one.</param>
internal sealed class EveryWeeks(LocalDate anchor, int interval, uint weekDays) : IDayRule
{
    private readonly LocalDate _firstSunday = Sunday(anchor);

    /// <inheritdoc/>
    public LocalDate? First(LocalDate from, LocalDate last)
    {
        var sunday = Sunday(from);
        var past = Cycle.Past(Period.DaysBetween(_firstSunday, sunday) / 7, interval);
        var rest = past == 0 ? weekDays & (uint.MaxValue << MonthBits.Sunday0(from)) : 0;
        var found = rest != 0
            ? sunday.PlusDays(BitOperations.TrailingZeroCount(rest))
            : sunday.PlusDays(((interval - past) * 7) + BitOperations.TrailingZeroCount(weekDays));
        return found <= last ? found : null;
    }

    private static LocalDate Sunday(LocalDate date) => date.PlusDays(-MonthBits.Sunday0(date));
}
