using System.Text.Json.Nodes;

namespace Carrel.Cli.Http;

/// <summary>An accepted answer: status, JSON body (null when empty) and what later requests need from the headers.</summary>
internal sealed record ArmResponse(int Status, JsonNode? Body, string? AsyncOperation, string? Location, TimeSpan? RetryAfter,
    string? ETag = null, string? RequestId = null);
