using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Cli.Commands.Schedule;

/// <summary>
/// A file of trials, <c>{"vectors":[{"id","kind","trigger","after","createdAt","count"}]}</c>, the shape of the published test vectors. One that is wrong does
/// not keep the others from being answered.
/// </summary>
internal static class TrialFile
{
    /// <summary>Columns of a file's table.</summary>
    public static readonly IReadOnlyList<Column> Columns =
        [new("Id", "id"), new("Occurrences", "occurrences"), new("Error", "error.code"), new("Message", "error.message")];

    /// <summary>Answers every trial of a file, in its order.</summary>
    /// <exception cref="CliException">The file is no JSON of that shape.</exception>
    public static JsonObject Read(string text, string name, Instant now)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && Member(root, "vectors") is { ValueKind: JsonValueKind.Array } vectors
                ? new JsonObject { ["results"] = new JsonArray([.. vectors.EnumerateArray().Select(item => (JsonNode)Answer(item, now))]) }
                : throw CliException.Usage($"The file '{name}' must be a JSON object with a list 'vectors'.");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new CliException(ExitCode.Usage, $"The file '{name}' is no valid JSON: {problem.Message}", problem);
        }
    }

    private static JsonObject Answer(JsonElement item, Instant now)
    {
        var answer = new JsonObject();
        // As it was given, a number too: it is how the reader finds the answer to a question.
        if (Member(item, "id") is { } id)
            answer["id"] = JsonNode.Parse(id.GetRawText());
        var findings = new List<Finding>();
        var result = ReadTrial(item, now, findings)?.Run() ?? new TrialResult([], null, findings);
        if (result.Findings.Count == 0)
            answer["occurrences"] = result.Occurrences();
        else
            answer["error"] = new JsonObject { ["code"] = result.Findings[0].Code, ["message"] = string.Join(' ', result.Findings.Select(finding => finding.Message)) };
        return answer;
    }

    private static Trial? ReadTrial(JsonElement item, Instant now, List<Finding> findings)
    {
        var trigger = Member(item, "trigger");
        var kind = Kind(Text(item, "kind"), trigger);
        var after = InstantOf("after");
        var created = InstantOf("createdAt");
        var count = Member(item, "count") is not { } number ? Trial.DefaultCount
            : number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var whole) ? Trial.ReadCount(whole) : null;
        if (trigger is not { ValueKind: JsonValueKind.Object })
            Wrong("trigger", "'trigger' must be a JSON object.");
        else if (kind is null)
            Wrong("kind", "'kind' must begin with 'cron' or 'recurrence'.");
        if (count is null)
            Wrong("count", Trial.CountProblem("count"));
        return findings.Count > 0 ? null : new Trial(kind!.Value, trigger!.Value, after ?? now, created, count!.Value);

        Instant? InstantOf(string name)
        {
            if (Member(item, name) is null)
                return null;
            var instant = Text(item, name) is { } text ? Trial.ReadInstant(text) : null;
            if (instant is null)
                Wrong(name, Trial.InstantProblem(name));
            return instant;
        }

        void Wrong(string member, string message) => findings.Add(new Finding(FindingCodes.InvalidRequestBody, message, member));
    }

    /// <summary>As said, also with <c>-invalid</c> behind it; unsaid, by what the trigger holds.</summary>
    private static TrialKind? Kind(string? kind, JsonElement? trigger) =>
        kind?.StartsWith("cron", StringComparison.OrdinalIgnoreCase) ?? (trigger is { } cron && Member(cron, "expression") is not null) ? TrialKind.Cron
        : kind?.StartsWith("recurrence", StringComparison.OrdinalIgnoreCase) ?? (trigger is { } other && Member(other, "frequency") is not null) ? TrialKind.Recurrence
        : null;

    private static string? Text(JsonElement item, string name) => Member(item, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
}
