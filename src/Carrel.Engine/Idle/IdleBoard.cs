using System.Collections.Concurrent;
using Carrel.Instances.Idle;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>
/// The last decision on each running instance, for explanations and to know when to look next. It can be lost at any time: the store has what
/// matters.
/// </summary>
public sealed class IdleBoard
{
    private readonly ConcurrentDictionary<Guid, LastLook> _looks = new();

    /// <summary>The last decision on an instance and its inputs, or null before the first of this server.</summary>
    public LastLook? Find(Guid instanceUid) => _looks.GetValueOrDefault(instanceUid);

    internal void Put(Guid instanceUid, IdleInput input, IdleDecision decision) => _looks[instanceUid] = new LastLook(input, decision);

    internal void KeepOnly(IReadOnlySet<Guid> instances) => Forget(_looks.Keys.Where(uid => !instances.Contains(uid)));

    internal void Forget(IEnumerable<Guid> instances)
    {
        foreach (Guid gone in instances)
            _looks.TryRemove(gone, out _);
    }

    /// <summary>The first instant at which something is to be announced or done, and with which instances.</summary>
    internal (Instant At, IReadOnlyList<Guid> Instances)? Next()
    {
        var due = _looks.Select(look => (look.Key, At: look.Value.Next)).Where(look => look.At is not null).ToList();
        if (due.Count == 0)
            return null;
        Instant first = due.Min(look => look.At!.Value);
        return (first, [.. due.Where(look => look.At == first).Select(look => look.Key)]);
    }
}

/// <summary>A decision and its inputs.</summary>
/// <param name="Input">What the rule looked at.</param>
/// <param name="Decision">What it decided.</param>
public sealed record LastLook(IdleInput Input, IdleDecision Decision)
{
    /// <summary>When the decision will be another one although nothing happens; null when it will not.</summary>
    internal Instant? Next =>
        Decision.NoticeAt is { } notice && notice > Input.Now ? notice : Decision.StopAt is { } stop && stop > Input.Now ? stop : null;
}
