using NodaTime;

namespace Carrel.Instances.Schedules.Days;

/// <summary>The days of a cron expression (contract 3.2).</summary>
internal sealed class CronDays(CronExpression cron) : IDayRule
{
    /// <inheritdoc/>
    public LocalDate? First(LocalDate from, LocalDate last)
    {
        var day = from.Day;
        for (var index = MonthIndex(from); index <= MonthIndex(last); index++, day = 1)
        {
            var (year, month) = (index / 12, (index % 12) + 1);
            if ((cron.Months >> month & 1) != 0 && MonthBits.From(Days(year, month), day) is { } found)
            {
                var date = new LocalDate(year, month, found);
                return date <= last ? date : null;
            }
        }

        return null;
    }

    /// <summary>
    /// The one place of decision D2. Standard cron: with both day fields restricted either may match; a field that begins with <c>*</c> does not
    /// restrict, and then both must. NCronTab would want both always: <c>return days &amp; weekDays</c>.
    /// </summary>
    private uint Days(int year, int month)
    {
        var days = (uint)cron.Days & MonthBits.All(year, month);
        var weekDays = MonthBits.Weekdays((uint)cron.WeekDays, year, month);
        return cron.DaysBeginWithStar || cron.WeekDaysBeginWithStar ? days & weekDays : days | weekDays;
    }

    private static int MonthIndex(LocalDate date) => (date.Year * 12) + date.Month - 1;
}
