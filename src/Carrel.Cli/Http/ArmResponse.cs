using System.Text.Json.Nodes;

namespace Carrel.Cli.Http;

/// <summary>An accepted answer: status, JSON body (null when empty) and what long operations need from the headers.</summary>
internal sealed record ArmResponse(int Status, JsonNode? Body, string? AsyncOperation, string? Location, TimeSpan? RetryAfter);
