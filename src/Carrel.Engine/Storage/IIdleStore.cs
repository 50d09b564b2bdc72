using Carrel.Engine.Events;
using Carrel.Instances.Idle;
using NodaTime;

namespace Carrel.Engine.Storage;

/// <summary>What of idleness can be read.</summary>
public interface IIdleView
{
    /// <summary>Events of one resource that have one of these causes, newest first.</summary>
    IReadOnlyList<ActivityEvent> ListEventsByCause(string target, IReadOnlyList<string> causes, int limit);

    /// <summary>The idle clock of an instance and until when it is kept awake; empty when nothing is kept of it.</summary>
    IdleRecord FindIdle(Guid instanceUid);

    /// <summary>Stored decisions on an instance, newest first.</summary>
    IReadOnlyList<StoredIdleDecision> ListIdleDecisions(Guid instanceUid, int limit);

    /// <summary>The newest decision of one of these kinds, or null.</summary>
    StoredIdleDecision? FindIdleDecision(Guid instanceUid, IReadOnlyList<IdleDecisionKind> kinds);
}

/// <summary>What of idleness can be written.</summary>
public interface IIdleWrites
{
    /// <summary>Replaces what is kept of an instance.</summary>
    void SaveIdle(Guid instanceUid, IdleRecord idle);

    /// <summary>
    /// Keeps a decision with its inputs. Of those that only describe a state the newest <paramref name="keep"/> stay; those that did something stay
    /// as long as the instance.
    /// </summary>
    void AppendIdleDecision(Guid instanceUid, IdleInput input, IdleDecision decision, int keep);
}

/// <summary>What is kept of an instance's idleness.</summary>
/// <param name="Clock">Its clock; null while it does not run.</param>
/// <param name="KeepAwakeUntil">Until when somebody asked for it to stay up, or null. Outlives a stop.</param>
/// <param name="KeepAwakeBy">Who asked, by sign-in name.</param>
public sealed record IdleRecord(IdleClock? Clock, Instant? KeepAwakeUntil = null, string? KeepAwakeBy = null);

/// <summary>A decision and everything it was taken from.</summary>
/// <param name="Sequence">Its number; grows with every decision.</param>
/// <param name="Input">What the rule looked at.</param>
/// <param name="Decision">What it decided.</param>
public sealed record StoredIdleDecision(long Sequence, IdleInput Input, IdleDecision Decision);
