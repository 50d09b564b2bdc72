using NodaTime;
using NodaTime.TimeZones;

namespace Carrel.Instances.Schedules;

/// <summary>
/// Wall times in a zone. It goes from one period of constant offset to the next: inside one, wall times and instants run in step, and only its first
/// hours can hold a time that the period before left over, moved out of a gap or already had in the first pass of an overlap. A search over wall
/// times alone would be wrong there, because a time in a gap comes after later ones: 02:30 happens at 03:30, 03:00 before it.
/// </summary>
internal sealed class WallClockPattern(WallTimes times, DateTimeZone zone, GapRule gap, OverlapRule overlap) : IFiringPattern
{
    /// <summary>No zone ever moved its clocks further, at once, than across the date line and back.</summary>
    private static readonly Duration LongestShift = Duration.FromHours(36);

    /// <inheritdoc/>
    public Instant? First(Instant after, Instant until)
    {
        var earliest = after + Duration.Epsilon;
        var period = zone.GetZoneInterval(earliest);
        while (true)
        {
            if (InPeriod(period, earliest, until) is { } found)
            {
                return found < until ? found : null;
            }

            if (!period.HasEnd || period.End >= until)
            {
                return null;
            }

            earliest = period.End;
            period = zone.GetZoneInterval(earliest);
        }
    }

    private Instant? InPeriod(ZoneInterval period, Instant earliest, Instant until)
    {
        var from = Wall(earliest, period.WallOffset);
        var before = Wall(period.HasEnd && period.End < until ? period.End : until, period.WallOffset);
        var shifted = default(Instant?);
        if (period.HasStart && earliest - period.Start < LongestShift)
        {
            var previous = zone.GetZoneInterval(period.Start - Duration.Epsilon);
            if (gap == GapRule.ShiftForward)
            {
                // By the old offset the gap's wall times lie here, each moved by the gap's length. No gap: nothing between the two ends.
                shifted = times.First(Wall(earliest, previous.WallOffset), period.IsoLocalStart)?.WithOffset(previous.WallOffset).ToInstant();
            }

            if (overlap == OverlapRule.FirstPass && previous.IsoLocalEnd > from)
            {
                from = previous.IsoLocalEnd;
            }
        }

        var direct = times.First(from, before)?.WithOffset(period.WallOffset).ToInstant();
        return shifted is null || direct < shifted ? direct ?? shifted : shifted;
    }

    private static LocalDateTime Wall(Instant instant, Offset offset) => instant.WithOffset(offset).LocalDateTime;
}
