using System.Text.Json;
using System.Text.RegularExpressions;
using Carrel.Fuzz.Tests.Requests;
using Carrel.Fuzz.Tests.Wire;

namespace Carrel.Fuzz.Tests;

/// <summary>What holds for every answer, whatever was asked (contract 1.7).</summary>
/// <param name="folder">The server's data folder, which no answer may name.</param>
internal sealed partial class AnswerRules(string folder)
{
    /// <summary>What is wrong with an answer, or null.</summary>
    internal string? Fault(FuzzRequest request, WireAnswer? answer)
    {
        if (answer is null)
            return request.Broken ? null : "The server hung up without an answer.";
        // The protocol's own word for a version that is none; Kestrel says it before anything of ours runs.
        if (answer.Status >= 500 && !(request.Broken && answer.Status == 505))
            return $"Status {answer.Status}.";
        if (answer.Header("X-Evil") is not null)
            return "What was sent came back as a header of its own.";
        if (Insides().Matches(answer.Text).FirstOrDefault(inside => !IsEcho(request, inside.Value)) is { } shown)
            return $"The answer shows the server's inside: '{shown.Value}'.";
        if (answer.Text.Contains(folder, StringComparison.Ordinal) || answer.Text.Contains(AppContext.BaseDirectory, StringComparison.Ordinal))
            return "The answer names a folder of the server.";
        if (request.Plane != Plane.Arm || request.Broken)
            return null;
        if (!ArmTarget().IsMatch(Resolved(request.Head.Split(' ')[1])))
            return null;
        return answer.Header("x-ms-request-id") is null ? "An ARM route was answered by something else than the ARM pipeline." : ArmFault(request, answer);
    }

    // A mutated name may look like one of ours, and refusals name their target.
    private static bool IsEcho(FuzzRequest request, string text) => Uri.UnescapeDataString(request.Head).Contains(text, StringComparison.Ordinal);

    // As the web server resolves it: a path that climbs out of the ARM routes is no ARM path.
    private static string Resolved(string target)
    {
        var path = new Stack<string>();
        foreach (string segment in target.Split('?')[0].Split('/').Skip(1))
        {
            string plain = segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (plain == "..")
                path.TryPop(out _);
            else if (plain != ".")
                path.Push(segment);
        }

        return "/" + string.Join('/', path.Reverse());
    }

    private static string? ArmFault(FuzzRequest request, WireAnswer answer)
    {
        if (request.IsHead)
            return null;
        if (answer.Status == 401 && answer.Header("WWW-Authenticate") is not { Length: > 0 })
            return "A 401 without WWW-Authenticate.";
        if (answer.Status is 408 or 429)
            return $"Status {answer.Status} is repeated by clients: no refusal may have it.";
        if (answer.Body.Length == 0)
            return answer.Status < 400 ? null : "A refusal without a body.";
        try
        {
            using JsonDocument body = JsonDocument.Parse(System.Text.Encoding.Latin1.GetBytes(answer.Body), new JsonDocumentOptions { MaxDepth = 200 });
            return answer.Status < 400 ? null : EnvelopeFault(body.RootElement);
        }
        catch (JsonException fault)
        {
            return "The body is no JSON: " + fault.Message;
        }
    }

    private static string? EnvelopeFault(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("error", out JsonElement error) || error.ValueKind != JsonValueKind.Object)
            return "A refusal without the ARM envelope.";
        foreach (string name in new[] { "code", "message" })
        {
            if (!error.TryGetProperty(name, out JsonElement text) || text.ValueKind != JsonValueKind.String || text.GetString()!.Length == 0)
                return $"A refusal without error.{name}.";
        }

        return null;
    }

    // A mutated path may lie beside every ARM route.
    [GeneratedRegex(@"\A/(subscriptions|providers|tenants)([/?]|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex ArmTarget();

    // Without open repetitions: answers echo texts of any length.
    [GeneratedRegex(@"\.cs:line|\bat (Carrel|System|Microsoft|lambda)[.\w]{0,200}\(|[a-z]Exception\b|\bSystem\.[A-Z]|\bCarrel\.[A-Z]\w{1,40}\.|Microsoft\.(AspNetCore|Data|Extensions)|SQLite|/usr/|/tmp/|/root/|/home/(?!azureuser)")]
    private static partial Regex Insides();
}
