using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Cli.Errors;

/// <summary>Turns the server's error bodies into text: code, message, target and details (wire.md 1.5; Graph uses the same envelope).</summary>
internal static class ServerError
{
    /// <summary>The exception for an unsuccessful answer; the exit code follows from the HTTP status.</summary>
    public static CliException From(int status, string body, string? requestId)
    {
        var code = status switch { 401 => ExitCode.NotSignedIn, 404 => ExitCode.NotFound, _ => ExitCode.Refused };
        var text = Describe(ErrorOf(body)) ?? $"The server answered {status} without saying why.";
        text = WithRequest(text, requestId);
        if (status == 412)
            text += "\nSomebody changed it in the meantime: look at it and run the command again.";
        if (status == 401)
            text += "\nThe server does not accept this sign-in. Run 'carrel login' again, or check CARREL_CLIENT_ID and CARREL_CLIENT_SECRET.";
        return new CliException(code, text);
    }

    /// <summary>A message with the id by which the server's log and events know the request.</summary>
    public static string WithRequest(string text, string? requestId) => requestId is null ? text : $"{text}\n  request id: {requestId}";

    /// <summary>"(Code) message", then target and details one per line; null when there is no error object.</summary>
    public static string? Describe(JsonNode? error)
    {
        if (error is not JsonObject)
            return null;
        var text = new StringBuilder();
        Append(text, error, string.Empty, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? error, string indent, int depth)
    {
        // A detail may come wrapped in an envelope of its own.
        if (error is JsonObject wrapped && wrapped["error"] is JsonObject inner)
            error = inner;
        if (error is not JsonObject item)
            return;
        if (text.Length > 0)
            text.Append('\n');
        text.Append(indent).Append('(').Append(item["code"]?.ToString() ?? "Unknown").Append(") ").Append(item["message"]?.ToString());
        if (item["target"]?.ToString() is { Length: > 0 } target)
            text.Append('\n').Append(indent).Append("  target: ").Append(target);
        if (item["details"] is not JsonArray details || depth > 8)
            return;
        // A server that lists every finding repeats the first as the main error: once is enough for a reader.
        foreach (var detail in details)
            if (!SaysTheSame(item, detail))
                Append(text, detail, indent + "  ", depth + 1);
    }

    private static bool SaysTheSame(JsonObject error, JsonNode? detail) =>
        detail is JsonObject inner && inner["details"] is not JsonArray { Count: > 0 }
        && Same(error, inner, "code") && Same(error, inner, "message") && Same(error, inner, "target");

    private static bool Same(JsonObject one, JsonObject other, string member) => one[member]?.ToString() == other[member]?.ToString();

    private static JsonNode? ErrorOf(string body)
    {
        try
        {
            return (JsonNode.Parse(body) as JsonObject)?["error"];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
