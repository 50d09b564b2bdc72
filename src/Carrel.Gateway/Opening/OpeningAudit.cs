using System.Collections.Concurrent;
using Carrel.Arm.Audit;
using Carrel.Arm.Identity;
using Carrel.Gateway.Instances;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Opening;

/// <summary>
/// Writes down who opened the applications of which instance, and who was turned away (contract 14, Audit). A browser opens with each session; a
/// program, which sends its token anew with every request, once in <see cref="RefusalRecorder.Window"/>.
/// </summary>
internal sealed class OpeningAudit(IAuditTrail trail, RefusalRecorder refusals, TimeProvider time)
{
    // One entry for an owner and the instance, so it cannot outgrow the instances.
    private readonly ConcurrentDictionary<(string Uid, Guid Owner), DateTimeOffset> _programs = new();

    internal Task OpenedAsync(Caller caller, InstanceRoute route, HttpContext context) => trail.WriteAsync(
        new AuditRecord(caller, InstanceAccess.Action, route.ResourceId, AuditOutcome.Succeeded, "The applications were opened in a browser.", Request(context)), context.RequestAborted);

    internal Task UsedByTokenAsync(Caller caller, InstanceRoute route, HttpContext context)
    {
        DateTimeOffset now = time.GetUtcNow();
        (string, Guid) key = (route.Uid, caller.ObjectId);
        if (_programs.TryGetValue(key, out DateTimeOffset last) && now - last < RefusalRecorder.Window)
            return Task.CompletedTask;
        _programs[key] = now;
        return trail.WriteAsync(
            new AuditRecord(caller, InstanceAccess.Action, route.ResourceId, AuditOutcome.Succeeded, "The applications were opened with an access token.", Request(context)), context.RequestAborted);
    }

    internal Task RefusedAsync(Caller caller, InstanceRoute route, string code, AuditRequest request, CancellationToken cancellation) => refusals.RecordAsync(
        new AuditRecord(caller, InstanceAccess.Action, route.ResourceId, AuditOutcome.Denied, code, request), cancellation, once: true);

    internal static AuditRequest Request(HttpContext context) => AuditRequest.New(context.Request.Headers.UserAgent.ToString());
}
