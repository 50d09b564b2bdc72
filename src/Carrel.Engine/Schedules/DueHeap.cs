using Carrel.Instances.Schedules;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>
/// A heap of schedules by their next due instant, with the place of each, so that any can be moved or taken out: O(log n) per change. Four children per
/// node: half as deep as two, and the four lie side by side in memory. Not for threads; <see cref="FiringCalendar"/> locks.
/// </summary>
internal sealed class DueHeap
{
    private const int Children = 4;
    private readonly Dictionary<ScheduleKey, int> _places = [];
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    public Entry First => _entries[0];

    public bool Contains(ScheduleKey key) => _places.ContainsKey(key);

    /// <summary>Adds a schedule, or gives it another due instant.</summary>
    public void Set(Entry entry)
    {
        if (!_places.TryGetValue(entry.Key, out var place))
        {
            place = _entries.Count;
            _entries.Add(entry);
        }

        Settle(entry, place);
    }

    /// <summary>Takes a schedule out.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(ScheduleKey key)
    {
        if (!_places.Remove(key, out var place))
        {
            return false;
        }

        var last = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        if (place < _entries.Count)
        {
            Settle(last, place);
        }

        return true;
    }

    /// <summary>Puts an entry where it belongs, beginning at a free place: up, and if it did not move, down.</summary>
    private void Settle(Entry entry, int place)
    {
        var begin = place;
        for (; place > 0 && entry.Due < _entries[Parent(place)].Due; place = Parent(place))
        {
            Put(_entries[Parent(place)], place);
        }

        while (place == begin && Earliest(place) is var child and > 0 && _entries[child].Due < entry.Due)
        {
            Put(_entries[child], place);
            begin = place = child;
        }

        Put(entry, place);
    }

    /// <summary>The child that is due first, 0 when there is none.</summary>
    private int Earliest(int place)
    {
        var first = (place * Children) + 1;
        var best = first < _entries.Count ? first : 0;
        for (var child = first + 1; child < Math.Min(first + Children, _entries.Count); child++)
        {
            best = _entries[child].Due < _entries[best].Due ? child : best;
        }

        return best;
    }

    private void Put(Entry entry, int place)
    {
        _entries[place] = entry;
        _places[entry.Key] = place;
    }

    private static int Parent(int place) => (place - 1) / Children;

    /// <summary>A schedule in the heap.</summary>
    internal readonly record struct Entry(ScheduleKey Key, FiringTimes Times, Instant Due);
}
