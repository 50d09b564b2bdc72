using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Carrel.Arm.Audit;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Versions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Carrel.Arm.Pipeline;

/// <summary>
/// The steps of every ARM request, in the order of the contract (1.7):
/// 1. request ids and a path that says what it means; 2. api-version; 3. authentication; 4. authorization of the operation's action at the scope;
/// 5. the operation's handler: parent, body shape, name, semantic rules, quota, state.
/// </summary>
public sealed partial class ArmPipeline(ArmOptions options, IArmAuthenticator authenticator, IArmAuthorizer authorizer, RefusalRecorder refusals, ILogger<ArmPipeline> logger)
{
    private const string Json = "application/json; charset=utf-8";

    // Answers are JSON to programs, never part of a page: quotes and umlauts stay readable. They are deeper than requests may be, because a
    // stored body can be as deep as a request and is wrapped by lists and envelopes.
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2 * ArmBody.DeepestNesting,
    };

    /// <summary>Runs an operation.</summary>
    public Task RunAsync(HttpContext http, ArmOperation operation) => RunAsync(
        http,
        async request =>
        {
            try
            {
                await AuthorizeAsync(request, operation);
                return await operation.Handler(request);
            }
            catch (ArmException refusal) when (refusal.Status == 403 || operation.IsWrite)
            {
                await RecordAsync(request, operation, refusal);
                throw;
            }
        });

    /// <summary>Answers a path that exists with a method that does not.</summary>
    public Task RefuseMethodAsync(HttpContext http, IReadOnlyList<string> allowed) => RunAsync(
        http,
        request => Task.FromResult(new ArmResult(
            405,
            ArmErrorBody.Envelope(new ArmError("MethodNotAllowed", $"{http.Request.Method} is not supported here; supported: {string.Join(", ", allowed)}.", http.Request.Path)),
            [new("Allow", string.Join(", ", allowed))])));

    /// <summary>Answers a path that does not exist.</summary>
    public Task RefusePathAsync(HttpContext http) => RunAsync(
        http,
        request => throw new ArmException(404, "InvalidResourceType", "No resource type answers at this path: check its spelling and the number of its segments.", http.Request.Path));

    private async Task RunAsync(HttpContext http, Func<ArmRequest, Task<ArmResult>> answer)
    {
        var request = new ArmRequest(http, options);
        ArmResult result;
        try
        {
            NameRequest(request);
            PlainPath.Require(http);
            request.ApiVersion = ApiVersion.Require([.. http.Request.Query[ApiVersion.Parameter]]);
            await AuthenticateAsync(request);
            result = await answer(request);
        }
        catch (ArmException refusal)
        {
            result = new ArmResult(refusal.Status, ArmErrorBody.Envelope(refusal.Error));
        }
        catch (BadHttpRequestException fault)
        {
            int status = fault.StatusCode is >= 400 and < 500 and not 408 ? fault.StatusCode : 400;
            result = new ArmResult(status, ArmErrorBody.Envelope(new ArmError("InvalidRequestContent", "The request could not be read: " + fault.Message, ArmBody.Target)));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            LogFault(fault, http.Request.Method, http.Request.Path, request.RequestId);
            result = new ArmResult(
                500, ArmErrorBody.Envelope(new ArmError("InternalServerError", $"Something went wrong inside Carrel. Its log says more under request {request.RequestId}.")));
        }

        await WriteAsync(http, result);
    }

    private static void NameRequest(ArmRequest request)
    {
        IHeaderDictionary sent = request.Http.Request.Headers;
        IHeaderDictionary answered = request.Http.Response.Headers;
        request.RequestId = Guid.NewGuid().ToString("D");
        request.CorrelationId = Guid.TryParse(sent["x-ms-correlation-request-id"], out Guid given) ? given.ToString("D") : request.RequestId;
        answered["x-ms-request-id"] = request.RequestId;
        answered["x-ms-correlation-request-id"] = request.CorrelationId;
        if (sent["x-ms-client-request-id"].ToString() is { Length: > 0 and <= 128 } client && client.All(character => character is > ' ' and < '\x7f'))
        {
            request.ClientRequestId = client;
            answered["x-ms-client-request-id"] = client;
        }

        answered.CacheControl = "no-store";
    }

    private async Task AuthenticateAsync(ArmRequest request)
    {
        AuthenticationOutcome outcome = await authenticator.AuthenticateAsync(request.Http.Request);
        if (outcome.Caller is { } caller)
        {
            request.Caller = caller;
            return;
        }

        request.Http.Response.Headers.WWWAuthenticate = authenticator.Challenge;
        throw new ArmException(401, outcome.Code ?? "AuthenticationFailed", outcome.Message ?? "Authentication failed.");
    }

    private async Task AuthorizeAsync(ArmRequest request, ArmOperation operation)
    {
        // Only what was made as an exception, by name and with its reason, is open.
        if (operation.OpenBecause is not null || (operation.AllowsAnyway is { } anyway && await anyway(request)))
            return;
        string scope = ArmScope.Of(request);
        string action = operation.Action ?? throw new UnreachableException($"{operation.Name} names no action.");
        AuthorizationDecision decision = await authorizer.AuthorizeAsync(request.Caller, action, scope, request.Cancellation);
        if (decision.Allowed)
            return;
        LogDenied(request.Caller.ObjectId, action, scope, decision.Reason, request.RequestId);
        throw AuthorizationErrors.Failed(request.Caller, action, scope);
    }

    // Of a body that is refused only the code is kept: messages quote what was sent. Those of a 403 name people, actions and scopes.
    private Task RecordAsync(ArmRequest request, ArmOperation operation, ArmException refusal) => refusals.RecordAsync(
        new AuditRecord(
            request.Caller,
            operation.Action ?? operation.Name,
            ArmScope.Of(request),
            refusal.Status == 403 ? AuditOutcome.Denied : AuditOutcome.Failed,
            refusal.Status == 403 ? $"{refusal.Error.Code}: {refusal.Error.Message}" : refusal.Error.Code,
            request.Origin),
        request.Cancellation);

    private static async Task WriteAsync(HttpContext http, ArmResult result)
    {
        if (http.Response.HasStarted)
            throw new UnreachableException("A handler wrote the answer itself.");
        http.Response.StatusCode = result.Status;
        foreach ((string name, string value) in result.Headers ?? [])
            http.Response.Headers[name] = value;
        // Texts of users are in answers; no browser may take one for a page.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (result.Body is null)
        {
            // Of a 304 the length would be that of the answer that is not sent.
            if (result.Status is not (204 or 304))
                http.Response.ContentLength = 0;
            return;
        }

        byte[] body = JsonSerializer.SerializeToUtf8Bytes(result.Body, Relaxed);
        http.Response.ContentType = Json;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(body);
    }

    [LoggerMessage(2101, LogLevel.Error, "{Method} {Path} failed (request {RequestId})")]
    private partial void LogFault(Exception fault, string method, string path, string requestId);

    [LoggerMessage(2102, LogLevel.Information, "Denied: {ObjectId} may not {Action} at {Scope}: {Reason} (request {RequestId})")]
    private partial void LogDenied(Guid objectId, string action, string scope, string reason, string requestId);
}
