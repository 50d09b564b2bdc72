using System.Text.Json;
using Carrel.Arm.Audit;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Arm.Pipeline;

/// <summary>One request on its way through the pipeline; each step fills in what the later ones need.</summary>
/// <param name="http">The HTTP request.</param>
/// <param name="options">Settings of the ARM surface.</param>
public sealed class ArmRequest(HttpContext http, ArmOptions options)
{
    private Caller? _caller;

    /// <summary>The HTTP request.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>Settings of the ARM surface.</summary>
    public ArmOptions Options { get; } = options;

    /// <summary>This request's own id, sent back as <c>x-ms-request-id</c>.</summary>
    public string RequestId { get; internal set; } = "";

    /// <summary>Ties together what one user action led to, sent back as <c>x-ms-correlation-request-id</c>.</summary>
    public string CorrelationId { get; internal set; } = "";

    /// <summary>The client's own id of the request, sent back as <c>x-ms-client-request-id</c>; null when it sent none that is plain text.</summary>
    public string? ClientRequestId { get; internal set; }

    /// <summary>What events say of it.</summary>
    public AuditRequest Origin => new(RequestId, CorrelationId, ClientRequestId, AuditText.Shorten(Http.Request.Headers.UserAgent.ToString()));

    /// <summary>The api-version as sent.</summary>
    public string ApiVersion { get; internal set; } = "";

    /// <summary>Who calls; set by authentication.</summary>
    public Caller Caller
    {
        get => _caller ?? throw new InvalidOperationException("The request is not authenticated yet.");
        internal set => _caller = value;
    }

    /// <summary>Ends when the client goes away.</summary>
    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>A value of the route, percent-decoded, in the caller's case.</summary>
    public string Route(string name) => Http.GetRouteValue(name) as string ?? "";

    /// <summary>A value of the query, or null.</summary>
    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>An absolute URL of this server that repeats the api-version.</summary>
    public string Url(string path) => $"{Options.PublicUrl}{path}?api-version={Uri.EscapeDataString(ApiVersion)}";

    /// <summary>Reads the body as a JSON object.</summary>
    /// <exception cref="ArmException">400 <c>InvalidRequestContent</c> when it is none, 413 <c>RequestBodyTooLarge</c>.</exception>
    public Task<JsonElement> ReadObjectAsync() => ReadAsync(JsonValueKind.Object);

    /// <summary>Reads the body as a bare JSON array; some calls of the published API take one.</summary>
    /// <exception cref="ArmException">400 <c>InvalidRequestContent</c> when it is none, 413 <c>RequestBodyTooLarge</c>.</exception>
    public Task<JsonElement> ReadArrayAsync() => ReadAsync(JsonValueKind.Array);

    private async Task<JsonElement> ReadAsync(JsonValueKind wanted)
    {
        JsonElement body = await ArmBody.ReadAsync(Http.Request, Options.LargestBodyBytes, Cancellation);
        return body.ValueKind == wanted
            ? body
            : throw new ArmException(
                400, "InvalidRequestContent", $"The request body must be {(wanted == JsonValueKind.Array ? "a bare JSON array" : "a JSON object")}; it is {ArmBody.KindWord(body.ValueKind)}.", ArmBody.Target);
    }
}
