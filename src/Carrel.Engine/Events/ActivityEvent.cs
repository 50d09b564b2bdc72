using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Events;

/// <summary>One append-only line of what happened, who or what caused it, and how it ended.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Who did it, or the service itself.</param>
/// <param name="Action">The resource provider operation, such as <c>Microsoft.MachineLearningServices/workspaces/computes/start/action</c>.</param>
/// <param name="Target">Resource id; the event outlives it.</param>
/// <param name="Outcome"><c>Accepted</c>, <c>Succeeded</c>, <c>Failed</c>, <c>Canceled</c>, <c>Unusable</c>, <c>Denied</c>.</param>
/// <param name="Cause"><c>User</c>, <c>Schedule</c>, <c>IdleShutdown</c> or <c>Reconciler</c>.</param>
/// <param name="Detail">A sentence with the reason, or null; never a secret.</param>
/// <param name="RequestId">The request it belongs to, or empty.</param>
/// <param name="CorrelationId">Ties together what one request led to.</param>
public sealed record ActivityEvent(
    Instant At,
    Principal Actor,
    string Action,
    string Target,
    string Outcome,
    string Cause,
    string? Detail,
    string RequestId,
    string CorrelationId)
{
    /// <summary>How much attention it deserves.</summary>
    public EventLevel Level { get; init; }

    /// <summary>The operation whose acceptance or end it is, or null.</summary>
    public Guid? OperationId { get; init; }

    /// <summary>The client's own id of the request, or null.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The program that sent the request, as it called itself, or null.</summary>
    public string? UserAgent { get; init; }
}

/// <summary>How much attention an event deserves; the words of the activity log.</summary>
public enum EventLevel
{
    /// <summary>As asked.</summary>
    Informational,

    /// <summary>Something of what was asked was not done, or it was given up.</summary>
    Warning,

    /// <summary>It failed.</summary>
    Error,
}
