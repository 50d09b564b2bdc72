using System.Text.Json;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;

namespace Carrel.Api.Computes;

/// <summary>Tells callers of values that were accepted and not applied (contract 1.1, 1.6), and of a host that has less than the size.</summary>
internal static class Warnings
{
    internal static ArmResult Add(ArmResult result, InstanceWriteOutcome outcome, JsonElement body, string location)
    {
        List<string> names = [.. outcome.NotApplied];
        if (SentLocation(body) is { } sent && !Same(sent, location) && !names.Contains("location"))
            names.Add("location");
        List<string> warnings = [];
        if (names.Count > 0)
            warnings.Add("not applied: " + string.Join(", ", names));
        if (outcome.Notice is { } notice)
            warnings.Add(notice);
        if (outcome.Capped is { } capped)
            warnings.Add("overcommitted: " + capped);
        warnings.AddRange(OfMade(outcome.MadeIdentities));
        return Add(result, warnings);
    }

    /// <summary>One sentence for each identity that was made on the spot (contract 9.3).</summary>
    internal static IReadOnlyList<string> OfMade(IReadOnlyList<string> identities) => [.. identities.Select(id => $"the identity {id} did not exist: it was made, without roles")];

    internal static ArmResult Add(ArmResult result, IReadOnlyList<string> warnings) =>
        warnings.Count == 0 ? result : result.With("Warning", string.Join(", ", warnings.Select(text => $"299 - \"{text}\"")));

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
