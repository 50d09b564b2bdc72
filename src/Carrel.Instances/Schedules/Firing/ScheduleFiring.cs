using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Schedules.Firing;

/// <summary>What became of one occurrence of a schedule (contract 3.5).</summary>
public enum FiringOutcome
{
    /// <summary>It started or stopped the instance.</summary>
    Ran,

    /// <summary>The instance was as wanted, or on its way there.</summary>
    NoOp,

    /// <summary>The instance is between two states; decided again when it has come to rest.</summary>
    Deferred,

    /// <summary>Skipped: something else stood against it.</summary>
    Conflict,

    /// <summary>Skipped: nobody looked at its time.</summary>
    Missed,

    /// <summary>Skipped: somebody took this stop back.</summary>
    Dismissed,

    /// <summary>It was to run and could not begin, for lack of quota.</summary>
    Failed,
}

/// <summary>A decision on an occurrence.</summary>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Reason">Why, a sentence for people.</param>
public sealed record FiringDecision(FiringOutcome Outcome, string Reason)
{
    /// <summary>The word for logs: <c>Skipped: Conflict</c>, <c>Skipped: Missed</c>, <c>Skipped: Dismissed</c>, or the outcome itself.</summary>
    public string Word => Outcome is FiringOutcome.Conflict or FiringOutcome.Missed or FiringOutcome.Dismissed ? $"Skipped: {Outcome}" : Outcome.ToString();
}

/// <summary>One occurrence that was decided. Instance, schedule and due instant are its identity: there is one, however many servers look.</summary>
/// <param name="InstanceUid">The instance.</param>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="Due">When it was due.</param>
/// <param name="Action">What it was to do.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why.</param>
/// <param name="DecidedAt">When that was decided.</param>
/// <param name="OperationId">The operation it began, or null.</param>
public sealed record ScheduleFiring(
    Guid InstanceUid, Guid ScheduleId, Instant Due, ScheduleAction Action, FiringOutcome Outcome, string Reason, Instant DecidedAt, Guid? OperationId = null);
