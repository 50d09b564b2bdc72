using Carrel.Arm.Identity;

namespace Carrel.Arm.Audit;

/// <summary>
/// Where sign-ins, openings of applications, refusals and changes of who may do what are written down, beside what happened to resources (contract 14, Audit).
/// Implemented by the store; the activity log shows it.
/// </summary>
public interface IAuditTrail
{
    /// <summary>Appends what happened; durable when it returns.</summary>
    Task WriteAsync(AuditRecord happened, CancellationToken cancellation);
}

/// <summary>How something ended that is written down.</summary>
public enum AuditOutcome
{
    /// <summary>It was done.</summary>
    Succeeded,

    /// <summary>It was allowed, and failed: a wrong password, a body that is refused.</summary>
    Failed,

    /// <summary>Roles or ownership did not allow it.</summary>
    Denied,
}

/// <summary>Who did what where, and how it ended. No secret, no token and nothing of a body that may hold one.</summary>
/// <param name="Who">Who did it, or tried to; of a failed sign-in whose name was given.</param>
/// <param name="Action">The operation: of the resource provider (contract 7.4), or Carrel's own, such as <c>Carrel.Access/signIn/action</c>.</param>
/// <param name="Target">Resource id, or the id of what stands for it; beneath a subscription, because the activity log is read there.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">A sentence with the reason, or null.</param>
/// <param name="Request">The request it belongs to.</param>
public sealed record AuditRecord(Caller Who, string Action, string Target, AuditOutcome Outcome, string? Detail, AuditRequest Request);

/// <summary>The request that something goes back to.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="CorrelationId">Ties together what one user action led to.</param>
/// <param name="ClientRequestId">The client's own id of it, or null.</param>
/// <param name="UserAgent">The program that sent it, as it called itself, or null; shortened by whoever reads the header.</param>
public sealed record AuditRequest(string RequestId, string CorrelationId, string? ClientRequestId = null, string? UserAgent = null)
{
    /// <summary>A request without ids of its own, such as one to a page.</summary>
    public static AuditRequest New(string? userAgent = null)
    {
        string id = Guid.NewGuid().ToString("D");
        return new AuditRequest(id, id, null, AuditText.Shorten(userAgent));
    }
}

/// <summary>Texts from outside that stand in the audit trail.</summary>
public static class AuditText
{
    /// <summary>Characters that are kept of a user agent.</summary>
    public const int LongestUserAgent = 256;

    /// <summary>What is kept of what a client calls itself: bounded and printable; null for nothing.</summary>
    public static string? Shorten(string? sent)
    {
        string shown = new([.. (sent ?? "").Take(LongestUserAgent).Where(character => !char.IsControl(character))]);
        return shown.Length == 0 ? null : shown;
    }
}

/// <summary>Where events stand that are about no resource.</summary>
public static class AuditTargets
{
    /// <summary>A principal of the directory, as the activity log names it: <c>/subscriptions/S/providers/Carrel.Access/principals/ID</c>.</summary>
    public static string Principal(Guid subscriptionId, Guid objectId) => $"/subscriptions/{subscriptionId:D}/providers/Carrel.Access/principals/{objectId:D}";
}
