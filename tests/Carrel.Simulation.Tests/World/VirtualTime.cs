namespace Carrel.Simulation.Tests.World;

/// <summary>A clock that stands still until it is moved; its timers fire while it moves, in order, each at its own instant.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves the clock.</summary>
    internal void Advance(TimeSpan by)
    {
        DateTimeOffset target = GetUtcNow() + by;
        while (NextUntil(target) is { } alarm)
            alarm.Ring();
    }

    private Alarm? NextUntil(DateTimeOffset target)
    {
        lock (_gate)
        {
            Alarm? next = _alarms.Where(alarm => alarm.Due <= target).MinBy(alarm => alarm.Due);
            _now = next is null ? target : next.Due > _now ? next.Due : _now;
            next?.Reset();
            return next;
        }
    }

    private sealed class Alarm(VirtualTime time, Action ring) : ITimer
    {
        private TimeSpan _period;

        internal DateTimeOffset Due { get; private set; }

        internal void Ring() => ring();

        // Inside the clock's lock.
        internal void Reset()
        {
            if (_period > TimeSpan.Zero)
                Due += _period;
            else
                time._alarms.Remove(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._alarms.Remove(this);
                _period = period;
                if (dueTime < TimeSpan.Zero)
                    return true;
                Due = time._now + dueTime;
                time._alarms.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
                time._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
