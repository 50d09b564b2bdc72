using System.Text.Json;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Computes;

/// <summary>Tells callers of values that were accepted and not applied (contract 1.1, 1.6).</summary>
internal static class Warnings
{
    internal static ArmResult Add(ArmResult result, IReadOnlyList<string> notApplied, JsonElement body, string location)
    {
        List<string> names = [.. notApplied];
        if (SentLocation(body) is { } sent && !Same(sent, location) && !names.Contains("location"))
            names.Add("location");
        return names.Count == 0 ? result : result.With("Warning", $"299 - \"not applied: {string.Join(", ", names)}\"");
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
