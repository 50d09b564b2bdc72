using System.Data.Common;
using Carrel.Arm.Audit;
using Carrel.Arm.Identity;
using Carrel.Engine.Events;
using Carrel.Instances.Resources;
using Carrel.Store.Engine;
using NodaTime;

namespace Carrel.Store.Access;

/// <summary>The audit trail of Access and the gateway: rows of the same history in which the engine writes.</summary>
public sealed class AuditTrail(IDatabase database, TimeProvider time) : IAuditTrail
{
    /// <inheritdoc/>
    public Task WriteAsync(AuditRecord happened, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            Append(connection, transaction, happened, time);
            return true;
        },
        cancellation);

    /// <summary>For changes that write down what they do in their own transaction.</summary>
    internal static void Append(DbConnection connection, DbTransaction transaction, AuditRecord happened, TimeProvider time) =>
        new EngineTransaction(connection, transaction).Append(ToEvent(happened, Instant.FromDateTimeOffset(time.GetUtcNow())));

    private static ActivityEvent ToEvent(AuditRecord happened, Instant now)
    {
        Caller who = happened.Who;
        return new ActivityEvent(
            now,
            new Principal(who.ObjectId, who.TenantId, who.Name, who.Kind.ToString()),
            happened.Action,
            happened.Target,
            happened.Outcome.ToString(),
            "User",
            happened.Detail,
            happened.Request.RequestId,
            happened.Request.CorrelationId)
        {
            Level = happened.Outcome == AuditOutcome.Succeeded ? EventLevel.Informational : EventLevel.Warning,
            ClientRequestId = happened.Request.ClientRequestId,
            UserAgent = happened.Request.UserAgent,
        };
    }
}
