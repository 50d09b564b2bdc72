using Carrel.Instances.Schedules;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>Fills a <see cref="FiringCalendar"/> from the store, row by row; dispose it when all rows were read. Firings can be taken from the first row on.</summary>
public sealed class CalendarRebuild : IDisposable
{
    private readonly FiringCalendar _calendar;

    internal CalendarRebuild(FiringCalendar calendar) => _calendar = calendar;

    /// <summary>Adds a schedule that was read, unless it was set or removed since the rebuild began.</summary>
    /// <param name="key">The schedule.</param>
    /// <param name="times">Its firing times.</param>
    /// <param name="after">Occurrences after this instant count: the last one that was looked at before the server went down, so that none is lost unseen.</param>
    public void Add(ScheduleKey key, FiringTimes times, Instant after) => _calendar.Load(key, times, times.Next(after));

    /// <inheritdoc/>
    public void Dispose() => _calendar.EndRebuild();
}
