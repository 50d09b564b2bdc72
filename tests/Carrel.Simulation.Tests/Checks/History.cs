using System.Data.Common;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// Everything that was ever committed, in order, each held against the one before. Called on the database's one writer, so that nothing
/// happens between two snapshots. Faults are kept and not thrown: inside a write they would be taken for a fault of the disk and repeated.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="activity">What goes on in the machines.</param>
internal sealed class History(TimeProvider time, ActivityScript activity)
{
    private readonly Lock _gate = new();
    private readonly List<Snapshot> _snapshots = [Snapshot.Empty];
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, string> _lastEnded = [];
    private readonly Dictionary<string, DateTimeOffset> _upSince = [];
    private readonly Dictionary<(string Instance, SeenSchedule Schedule), DateTimeOffset> _enabledSince = [];
    private int _committed;

    /// <summary>Grows with every change.</summary>
    internal int Position
    {
        get
        {
            lock (_gate)
                return _snapshots.Count - 1;
        }
    }

    /// <summary>Up to here the changes are certainly committed, so that readers see them.</summary>
    internal int Committed => Volatile.Read(ref _committed);

    /// <summary>What was last seen.</summary>
    internal Snapshot Now => Between(Position, Position)[0];

    /// <summary>What was wrong first, or null.</summary>
    internal string? FirstFault
    {
        get
        {
            lock (_gate)
                return _faults.Count == 0 ? null : _faults[0];
        }
    }

    /// <summary>Operations that failed or were canceled, in words.</summary>
    internal HashSet<string> Ends { get; } = [];

    /// <summary>Kind of the last operation on an instance that ended well; null when none did.</summary>
    internal string? LastSucceeded(string uid)
    {
        lock (_gate)
            return _lastEnded.GetValueOrDefault(uid);
    }

    /// <summary>Since when an instance has been up; null while it is not.</summary>
    internal DateTimeOffset? UpSince(string uid)
    {
        lock (_gate)
            return _upSince.TryGetValue(uid, out DateTimeOffset since) ? since : null;
    }

    /// <summary>Every schedule that is on, and since when it has been as it is.</summary>
    internal IReadOnlyList<(string Instance, SeenSchedule Schedule, DateTimeOffset Since)> EnabledSchedules()
    {
        lock (_gate)
            return [.. _enabledSince.Select(pair => (pair.Key.Instance, pair.Key.Schedule, pair.Value))];
    }

    /// <summary>What was so at some instant between two positions, both included.</summary>
    internal IReadOnlyList<Snapshot> Between(int first, int last)
    {
        lock (_gate)
            return [.. _snapshots.Skip(first).Take(last - first + 1)];
    }

    /// <summary>The commit of a write is done.</summary>
    /// <param name="position">What <see cref="Observe"/> answered for it.</param>
    internal void Commit(int position)
    {
        for (int seen = Committed; position > seen && Interlocked.CompareExchange(ref _committed, position, seen) != seen; seen = Committed)
        {
        }
    }

    /// <summary>Takes what a write leaves.</summary>
    /// <returns>The position of it.</returns>
    internal int Observe(DbConnection connection, DbTransaction transaction)
    {
        Snapshot now = Snapshot.Read(connection, transaction, time.GetUtcNow());
        lock (_gate)
        {
            Snapshot before = _snapshots[^1];
            if (now.Equal(before))
                return _snapshots.Count - 1;
            _snapshots.Add(now);
            _faults.AddRange(CommitRules.Faults(before, now));
            _faults.AddRange(ScheduleRules.Faults(before, now));
            _faults.AddRange(IdleRules.Faults(before, now, UpSince, activity));
            Follow(before, now);
            foreach (SeenOperation ended in CommitRules.Ended(before, now))
            {
                Ends.Add(ended.Status);
                if (ended.Status == "Succeeded" && ended.Kind is not ("Update" or "Settle" or "Reimage"))
                    _lastEnded[ended.Target] = ended.Kind;
            }

            return _snapshots.Count - 1;
        }
    }

    private void Follow(Snapshot before, Snapshot now)
    {
        foreach (SeenInstance instance in now.Instances.Values.Where(instance => instance.State == "Running"))
        {
            // What comes back from a silence, or from a stop or deletion that failed, was up all the time.
            if (before.Instances.GetValueOrDefault(instance.Uid)?.State is not ("Running" or "JobRunning" or "Unknown" or "Stopping" or "Deleting"))
                _upSince[instance.Uid] = now.At;
        }

        HashSet<(string, SeenSchedule)> enabled = [.. now.Instances.Values.SelectMany(instance => instance.Schedules.Where(schedule => schedule.Enabled).Select(schedule => (instance.Uid, schedule)))];
        foreach ((string, SeenSchedule) gone in _enabledSince.Keys.Where(known => !enabled.Contains(known)).ToArray())
            _enabledSince.Remove(gone);
        foreach ((string, SeenSchedule) added in enabled)
            _enabledSince.TryAdd(added, now.At);
    }
}
