using System.Text.Json;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;

namespace Carrel.Api.Computes;

/// <summary>Tells callers of values that were accepted and not applied (contract 1.1, 1.6).</summary>
internal static class Warnings
{
    internal static ArmResult Add(ArmResult result, InstanceWriteOutcome outcome, JsonElement body, string location)
    {
        List<string> names = [.. outcome.NotApplied];
        if (SentLocation(body) is { } sent && !Same(sent, location) && !names.Contains("location"))
            names.Add("location");
        List<string> warnings = [];
        if (names.Count > 0)
            warnings.Add($"299 - \"not applied: {string.Join(", ", names)}\"");
        if (outcome.Notice is { } notice)
            warnings.Add($"299 - \"{notice}\"");
        return warnings.Count == 0 ? result : result.With("Warning", string.Join(", ", warnings));
    }

    private static string? SentLocation(JsonElement body)
    {
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (member.Name.Equals("location", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.String)
                return member.Value.GetString();
        }

        return null;
    }

    private static bool Same(string sent, string location) =>
        sent.Replace(" ", "", StringComparison.Ordinal).Equals(location, StringComparison.OrdinalIgnoreCase);
}
