using Carrel.Instances.Schedules;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>
/// The next firings of all enabled schedules of a server: a view of the store that can be dropped and built again. It has no clock and fires nothing; it
/// says what is due. For all threads: each call holds the lock for one change of the heap, and works out firing times outside it.
/// </summary>
public sealed class FiringCalendar
{
    private readonly Lock _lock = new();

    /// <summary>Guarded by the lock.</summary>
    private readonly DueHeap _heap = new();

    /// <summary>Guarded by the lock. Schedules set or removed since a rebuild began: what it read of them may be older. Null when none runs.</summary>
    private HashSet<ScheduleKey>? _touched;

    /// <summary>How many schedules will still fire.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _heap.Count;
            }
        }
    }

    /// <summary>When the first of them is due; null when none is.</summary>
    public Instant? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _heap.Count > 0 ? _heap.First.Due : null;
            }
        }
    }

    /// <summary>Adds a schedule or changes its trigger: it is due at its first occurrence after <paramref name="after"/>, never when there is none.</summary>
    public void Set(ScheduleKey key, FiringTimes times, Instant after)
    {
        var due = times.Next(after);
        lock (_lock)
        {
            _touched?.Add(key);
            Put(key, times, due);
        }
    }

    /// <summary>Takes a schedule out: it was removed or disabled.</summary>
    public void Remove(ScheduleKey key)
    {
        lock (_lock)
        {
            _touched?.Add(key);
            _heap.Remove(key);
        }
    }

    /// <summary>
    /// What is due by now, earliest first, at most <paramref name="limit"/>. Each moves on to its following occurrence, so a schedule that was due twice comes
    /// twice and every missed occurrence is seen. Of occurrences at one instant all come before a later one.
    /// </summary>
    public IReadOnlyList<DueFiring> TakeDue(Instant now, int limit)
    {
        var firings = new List<DueFiring>();
        lock (_lock)
        {
            while (firings.Count < limit && _heap.Count > 0 && _heap.First is var first && first.Due <= now)
            {
                firings.Add(new DueFiring(first.Key, first.Due));
                Put(first.Key, first.Times, first.Times.Next(first.Due));
            }
        }

        return firings;
    }

    /// <summary>
    /// Begins to fill the calendar from the store, beside calls that change it. What those say while it runs is newer than what was read, and wins; a schedule
    /// removed meanwhile does not come back.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another rebuild runs.</exception>
    public CalendarRebuild BeginRebuild()
    {
        lock (_lock)
        {
            _touched = _touched is null ? [] : throw new InvalidOperationException("The calendar is already being rebuilt.");
        }

        return new CalendarRebuild(this);
    }

    internal void Load(ScheduleKey key, FiringTimes times, Instant? due)
    {
        lock (_lock)
        {
            if (_touched?.Contains(key) == false)
            {
                Put(key, times, due);
            }
        }
    }

    internal void EndRebuild()
    {
        lock (_lock)
        {
            _touched = null;
        }
    }

    private void Put(ScheduleKey key, FiringTimes times, Instant? due)
    {
        if (due is { } at)
        {
            _heap.Set(new DueHeap.Entry(key, times, at));
        }
        else
        {
            _heap.Remove(key);
        }
    }
}
