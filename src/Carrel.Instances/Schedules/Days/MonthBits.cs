using System.Numerics;
using NodaTime;

namespace Carrel.Instances.Schedules.Days;

/// <summary>Days of one month as bits: bit <c>d</c> is day <c>d</c>, 1 to 31. A month is then searched by one instruction instead of day by day.</summary>
internal static class MonthBits
{
    private const int WeekBits = 0b111_1111;
    private const ulong EveryWeek = 1UL | (1UL << 7) | (1UL << 14) | (1UL << 21) | (1UL << 28);

    /// <summary>The days a month has.</summary>
    public static uint All(int year, int month) => (uint)((1UL << (Length(year, month) + 1)) - 2);

    /// <summary>The days of a month that fall on the given days of the week (bit 0 is Sunday).</summary>
    public static uint Weekdays(uint weekDays, int year, int month)
    {
        var first = FirstWeekday(year, month);
        var turned = ((weekDays >> first) | (weekDays << (7 - first))) & WeekBits;
        return (uint)((turned * EveryWeek) << 1) & All(year, month);
    }

    /// <summary>Number of days of a month.</summary>
    public static int Length(int year, int month) => CalendarSystem.Iso.GetDaysInMonth(year, month);

    /// <summary>Day of the week of the first of a month, Sunday 0.</summary>
    public static int FirstWeekday(int year, int month) => Sunday0(new LocalDate(year, month, 1));

    /// <summary>Day of the week, Sunday 0.</summary>
    public static int Sunday0(LocalDate date) => (int)date.DayOfWeek % 7;

    /// <summary>The first day in a set, on or after a day of the month, or null.</summary>
    public static int? From(uint days, int day) => (days & (uint.MaxValue << day)) is var rest and not 0 ? BitOperations.TrailingZeroCount(rest) : null;

    /// <summary>A set of small numbers as bits.</summary>
    public static ulong Of(IEnumerable<int> numbers) => numbers.Aggregate(0UL, (bits, number) => bits | (1UL << number));
}
