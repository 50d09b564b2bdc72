using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;

namespace Carrel.Cli.Http;

/// <summary>How much of the conversation with the server is shown.</summary>
internal enum TraceLevel
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>--verbose</c>: one line for each request.</summary>
    Requests,

    /// <summary><c>--debug</c>: bodies and the headers that matter too.</summary>
    Bodies,
}

/// <summary>
/// Shows requests on standard error. No token, secret, password or value of an environment variable is among it, so that a trace can be passed on.
/// </summary>
internal sealed class RequestTrace
{
    private const string Hidden = "(hidden)";
    private static readonly string[] SecretWords = ["password", "secret", "token", "credential", "privatekey", "scriptarguments", "scriptdata"];
    private static readonly string[] ShownHeaders = ["x-ms-request-id", "x-ms-correlation-request-id", "ETag", "Retry-After", "Azure-AsyncOperation", "Location", "Warning"];

    /// <summary>What is shown; set once, after the command line was read.</summary>
    public TraceLevel Level { get; set; }

    /// <summary>Shows one exchange, also those that are tried again.</summary>
    /// <param name="host">Where to.</param>
    /// <param name="request">What was sent.</param>
    /// <param name="response">What came back.</param>
    /// <param name="took">From the first byte sent to the headers.</param>
    public void Exchange(CliHost host, HttpRequestMessage request, HttpResponseMessage response, TimeSpan took)
    {
        if (Level == TraceLevel.None)
            return;
        var milliseconds = took.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        host.Error.WriteLine($"{request.Method} {request.RequestUri} -> {(int)response.StatusCode} ({milliseconds} ms)");
        if (Level == TraceLevel.Bodies)
            foreach (var name in ShownHeaders)
                if (HeaderOf(response.Headers, name) is { } value)
                    host.Error.WriteLine($"  {name}: {value}");
    }

    /// <summary>Shows a body; text that is not JSON is only counted.</summary>
    public void Body(CliHost host, string direction, string? text)
    {
        if (Level != TraceLevel.Bodies || string.IsNullOrEmpty(text))
            return;
        try
        {
            var body = JsonNode.Parse(text);
            Hide(body);
            host.Error.WriteLine($"{direction} {JsonText.Pretty(body)}");
        }
        catch (JsonException)
        {
            host.Error.WriteLine($"{direction} {text.Length} characters that are not JSON");
        }
    }

    /// <summary>A header as it was sent; null when absent.</summary>
    public static string? HeaderOf(HttpResponseHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static void Hide(JsonNode? node)
    {
        if (node is JsonArray rows)
            foreach (var row in rows)
                Hide(row);
        if (node is not JsonObject map)
            return;
        foreach (var (name, value) in map.ToList())
        {
            if (value is JsonObject variables && name == "environmentVariables")
                HideValues(variables);
            else if (value is JsonValue && SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
                map[name] = Hidden;
            else
                Hide(value);
        }
    }

    private static void HideValues(JsonObject variables)
    {
        foreach (var (_, variable) in variables)
            if (variable is JsonObject member && member["value"] is not null)
                member["value"] = Hidden;
    }
}
