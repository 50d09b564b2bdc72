using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Schedules.Days;

/// <summary>
/// Days of every so many months, counted from the anchor's month (contract 3.4). Without a list the anchor's day, clamped to the month's last one
/// and never drifting; with lists their union, and a month that lacks a day skips it.
/// </summary>
internal sealed class EveryMonths(
    LocalDate anchor, int interval, IReadOnlyList<int> monthDays, IReadOnlyList<MonthlyOccurrence> occurrences) : IDayRule
{
    private readonly int _anchorMonth = MonthIndex(anchor);
    private readonly uint _fromStart = (uint)MonthBits.Of(monthDays.Where(day => day > 0));
    private readonly int[] _fromEnd = [.. monthDays.Where(day => day < 0)];

    /// <inheritdoc/>
    public LocalDate? First(LocalDate from, LocalDate last)
    {
        var (index, day) = (MonthIndex(from), from.Day);
        if (Cycle.Past(index - _anchorMonth, interval) is var past and > 0)
        {
            (index, day) = (index + interval - past, 1);
        }

        for (; index <= MonthIndex(last); index += interval, day = 1)
        {
            var (year, month) = (index / 12, (index % 12) + 1);
            if (MonthBits.From(Days(year, month), day) is { } found)
            {
                var date = new LocalDate(year, month, found);
                return date <= last ? date : null;
            }
        }

        return null;
    }

    private uint Days(int year, int month)
    {
        var length = MonthBits.Length(year, month);
        if (monthDays.Count == 0 && occurrences.Count == 0)
        {
            return 1u << Math.Min(anchor.Day, length);
        }

        var days = _fromStart;
        foreach (var fromEnd in _fromEnd)
        {
            days |= length + 1 + fromEnd is var day and > 0 ? 1u << day : 0;
        }

        foreach (var occurrence in occurrences)
        {
            days |= Of(occurrence, year, month, length);
        }

        return days & MonthBits.All(year, month);
    }

    private static uint Of(MonthlyOccurrence item, int year, int month, int length)
    {
        if (item.Occurrence is not { } number)
        {
            return MonthBits.Weekdays(1u << (int)item.Day, year, month);
        }

        var first = 1 + Cycle.Past((int)item.Day - MonthBits.FirstWeekday(year, month), 7);
        var latest = first + ((length - first) / 7 * 7);
        var day = number > 0 ? first + ((number - 1) * 7) : latest + ((number + 1) * 7);
        return day >= 1 && day <= length ? 1u << day : 0;
    }

    private static int MonthIndex(LocalDate date) => (date.Year * 12) + date.Month - 1;
}
