using Carrel.Engine.Events;
using Carrel.Instances.Resources;

namespace Carrel.Engine.Commands;

/// <summary>Who asks, in which request, on which condition.</summary>
/// <param name="Caller">The authenticated principal.</param>
/// <param name="RequestId">The request's id.</param>
/// <param name="CorrelationId">Ties together what one user action leads to.</param>
public sealed record CommandContext(Principal Caller, string RequestId, string CorrelationId)
{
    /// <summary>The client's own id of the request, or null.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The program that sent the request, as it called itself, or null.</summary>
    public string? UserAgent { get; init; }

    /// <summary>What the caller may attach to an instance; null for the service itself, which is not asked.</summary>
    public LinkedAccess? Linked { get; init; }

    /// <summary>
    /// Says why the change must not happen, given the entity tag of what is there now (null when nothing is); null when it may. Null for no
    /// condition.
    /// </summary>
    public Func<string?, string?>? Condition { get; init; }

    /// <summary>Whether the caller may make the absent user-assigned identity of an id (contract 9.3); null when nobody may.</summary>
    public Func<string, ValueTask<bool>>? MayMakeIdentity { get; init; }

    internal RequestOrigin Origin => new(RequestId, ClientRequestId, UserAgent);

    /// <summary>Called inside the transaction that makes the change, so that nothing can come between condition and change.</summary>
    /// <exception cref="RefusedException">The condition is not met.</exception>
    internal void RequireCondition(string? currentTag, string target)
    {
        if (Condition?.Invoke(currentTag) is { } reason)
            throw new RefusedException(RefusalKind.PreconditionFailed, "PreconditionFailed", reason, target);
    }

    /// <summary>The service itself, on nobody's request.</summary>
    internal static CommandContext OfService() => new(Service.Principal, "", Guid.NewGuid().ToString("D"));
}
