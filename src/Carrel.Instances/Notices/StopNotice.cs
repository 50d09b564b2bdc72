using NodaTime;

namespace Carrel.Instances.Notices;

/// <summary>What the stop comes from that is announced; the names are those of the events (contract 3.6, 4.5).</summary>
public enum NoticeKind
{
    /// <summary>A Stop schedule is about to fire.</summary>
    ScheduledShutdownPending,

    /// <summary>The instance is about to be stopped for being idle.</summary>
    IdleShutdownPending,
}

/// <summary>How a notice stands.</summary>
public enum NoticeState
{
    /// <summary>Told to the owner; the stop comes at its time.</summary>
    Pending,

    /// <summary>Put off; told again before the new time.</summary>
    Snoozed,

    /// <summary>This stop does not come.</summary>
    Dismissed,

    /// <summary>It is over: the stop came, or there was nothing left to stop.</summary>
    Done,
}

/// <summary>One announced stop of one instance. There is one for each deadline, whoever looks and however often.</summary>
/// <param name="Id">Its id, part of its path.</param>
/// <param name="InstanceUid">The instance.</param>
/// <param name="Kind">Where the stop comes from.</param>
/// <param name="ScheduleId">The schedule, or null for an idle stop.</param>
/// <param name="Due">The deadline as it was first: with instance, kind and schedule the notice's identity.</param>
/// <param name="FireAt">When the stop comes now; later than <paramref name="Due"/> by what it was snoozed.</param>
/// <param name="State">How it stands.</param>
/// <param name="Reason">Why the instance is to be stopped: a sentence for people.</param>
/// <param name="ToldAt">When it was told last.</param>
/// <param name="TellAt">When it is to be told again, after a snooze; null when it is told.</param>
public sealed record StopNotice(
    Guid Id, Guid InstanceUid, NoticeKind Kind, Guid? ScheduleId, Instant Due, Instant FireAt, NoticeState State, string Reason, Instant ToldAt, Instant? TellAt = null)
{
    /// <summary>What the decision rests on, a JSON object; null when the reason says it all.</summary>
    public string? Evidence { get; init; }

    /// <summary>Who dismissed or snoozed it last, by sign-in name; null for nobody.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When that was.</summary>
    public Instant? DecidedAt { get; init; }

    /// <summary>What became of it, a sentence; null while it is open.</summary>
    public string? Ending { get; init; }

    /// <summary>Whether the stop is still to come.</summary>
    public bool IsOpen => State is NoticeState.Pending or NoticeState.Snoozed;

    /// <summary>By how much it was put off, over all snoozes.</summary>
    public Duration Snoozed => FireAt - Due;
}
