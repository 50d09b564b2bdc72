using System.Net;
using Carrel.Arm.Audit;
using Carrel.Arm.Identity;
using Carrel.Gateway.Instances;
using Carrel.Gateway.SecureShell;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Opening;

/// <summary>
/// Writes down who opened the applications of which instance, and who was turned away (contract 14, Audit). A browser opens with each session; a
/// program, which sends its token anew with every request, and an address that connects by SSH once in <see cref="RefusalRecorder.Window"/>.
/// </summary>
internal sealed class OpeningAudit(IAuditTrail trail, RefusalRecorder refusals, TimeProvider time)
{
    private const int MostPrograms = 100_000;
    private const int MostAddresses = 1000;
    private const string SecureShell = "ssh";

    private readonly WrittenLately<(string Uid, Guid Owner)> _programs = new(RefusalRecorder.Window, MostPrograms);
    private readonly WrittenLately<(string Uid, IPAddress From)> _addresses = new(RefusalRecorder.Window, MostAddresses);

    internal Task OpenedAsync(Caller caller, InstanceRoute route, HttpContext context) =>
        WriteAsync(caller, route, "The applications were opened in a browser.", Request(context), context.RequestAborted);

    internal Task UsedByTokenAsync(Caller caller, InstanceRoute route, HttpContext context) =>
        _programs.Admit((route.Uid, caller.ObjectId), time.GetUtcNow())
            ? WriteAsync(caller, route, "The applications were opened with an access token.", Request(context), context.RequestAborted)
            : Task.CompletedTask;

    /// <summary>A connection by SSH was let through to the machine, where the key decides. It stands under the owner's name, because nobody else's key opens.</summary>
    internal Task SecureShellConnectedAsync(Caller owner, InstanceRoute route, IPAddress from, CancellationToken cancellation) =>
        _addresses.Admit((route.Uid, from), time.GetUtcNow())
            ? WriteAsync(owner, route, $"A connection by SSH came from {from}; the machine asks for the key.", AuditRequest.New(SecureShell), cancellation)
            : Task.CompletedTask;

    internal Task RefusedAsync(Caller caller, InstanceRoute route, string code, AuditRequest request, CancellationToken cancellation) => refusals.RecordAsync(
        new AuditRecord(caller, InstanceAccess.Action, route.ResourceId, AuditOutcome.Denied, code, request), cancellation, once: true);

    /// <summary>A connection by SSH was closed unheard. Nobody stands for an owner who has gone; that is in the log of the directory.</summary>
    internal Task SecureShellRefusedAsync(SecureShellDecision decision, InstanceRoute route, CancellationToken cancellation) => decision.Owner is { } owner
        ? RefusedAsync(owner, route, decision.Refusal!, AuditRequest.New(SecureShell), cancellation)
        : Task.CompletedTask;

    internal static AuditRequest Request(HttpContext context) => AuditRequest.New(context.Request.Headers.UserAgent.ToString());

    private Task WriteAsync(Caller caller, InstanceRoute route, string detail, AuditRequest request, CancellationToken cancellation) =>
        trail.WriteAsync(new AuditRecord(caller, InstanceAccess.Action, route.ResourceId, AuditOutcome.Succeeded, detail, request), cancellation);
}
