using System.Data.Common;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// Everything that was ever committed, in order, each held against the one before. Called on the database's one writer, so that nothing
/// happens between two snapshots. Faults are kept and not thrown: inside a write they would be taken for a fault of the disk and repeated.
/// </summary>
internal sealed class History
{
    private readonly Lock _gate = new();
    private readonly List<Snapshot> _snapshots = [Snapshot.Empty];
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, string> _lastEnded = [];
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
        Snapshot now = Snapshot.Read(connection, transaction);
        lock (_gate)
        {
            Snapshot before = _snapshots[^1];
            if (now.Equal(before))
                return _snapshots.Count - 1;
            _snapshots.Add(now);
            _faults.AddRange(CommitRules.Faults(before, now));
            foreach (SeenOperation ended in CommitRules.Ended(before, now))
            {
                Ends.Add(ended.Status);
                if (ended.Status == "Succeeded" && ended.Kind is not ("Update" or "Settle" or "Reimage"))
                    _lastEnded[ended.Target] = ended.Kind;
            }

            return _snapshots.Count - 1;
        }
    }
}
