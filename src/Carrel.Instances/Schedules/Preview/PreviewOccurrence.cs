using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Schedules.Preview;

/// <summary>What an occurrence will do, if nobody does anything meanwhile.</summary>
public enum PreviewOutcome
{
    /// <summary>It starts the instance.</summary>
    Starts,

    /// <summary>It stops the instance.</summary>
    Stops,

    /// <summary>The instance is as wanted.</summary>
    NoOp,

    /// <summary>A Start that is skipped, because a Stop is due at the same instant.</summary>
    Conflict,

    /// <summary>A stop that was taken back.</summary>
    Dismissed,
}

/// <summary>What a change of clocks does to an occurrence (contract 3.3).</summary>
public enum ClockMark
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its wall time does not exist that day: it comes later, by the length of the gap.</summary>
    Shifted,

    /// <summary>Its wall time comes twice that day, and this is the first time.</summary>
    FirstPass,

    /// <summary>Its wall time comes twice that day, and this is the second time.</summary>
    SecondPass,
}

/// <summary>One coming occurrence of a schedule.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Due">When it is due: its identity.</param>
/// <param name="At">When it comes: later than that when it was snoozed.</param>
/// <param name="Zone">The zone of its wall time.</param>
/// <param name="Clock">What a change of clocks does to it.</param>
/// <param name="OffsetChange">By how much the zone's clock differs from that at the schedule's occurrence before; zero as a rule.</param>
/// <param name="Outcome">What it will do.</param>
public sealed record PreviewOccurrence(
    ScheduleModel Schedule, Instant Due, Instant At, DateTimeZone Zone, ClockMark Clock, Offset OffsetChange, PreviewOutcome Outcome)
{
    /// <summary>When it comes, by the clock of its zone.</summary>
    public OffsetDateTime Local => At.InZone(Zone).ToOffsetDateTime();
}
