using NodaTime;

namespace Carrel.Engine.Events;

/// <summary>Which events are asked for; newest first.</summary>
/// <param name="Scope">Resource id of a subscription, group or resource: events of it and of everything below.</param>
/// <param name="Since">Begin, inclusive.</param>
/// <param name="Until">End, inclusive.</param>
/// <param name="Limit">Most events of the answer.</param>
public sealed record EventQuery(string Scope, Instant Since, Instant Until, int Limit)
{
    /// <summary>Events of this resource alone, or null for all of the scope.</summary>
    public string? Target { get; init; }

    /// <summary>Events of this correlation id alone, or null.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Events older than this position alone, or null to begin with the newest.</summary>
    public EventPosition? Before { get; init; }
}

/// <summary>The place of an event in the history.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Sequence">Its number; grows with every event.</param>
public readonly record struct EventPosition(Instant At, long Sequence);

/// <summary>An event with its number.</summary>
/// <param name="Sequence">Its number; grows with every event.</param>
/// <param name="Event">What happened.</param>
public sealed record StoredEvent(long Sequence, ActivityEvent Event)
{
    /// <summary>Its place in the history.</summary>
    public EventPosition Position => new(Event.At, Sequence);
}
