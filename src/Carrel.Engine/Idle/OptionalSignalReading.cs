using System.Text.Json;
using Carrel.Instances.Idle;
using Carrel.Instances.Resources;

namespace Carrel.Engine.Idle;

/// <summary>Reads the signals that a workspace has switched on from its free-form properties. Pure; what cannot be read is off, and was refused when it was written.</summary>
public static class OptionalSignalReading
{
    /// <summary>The property that holds the thresholds.</summary>
    public const string Property = "idleSignals";

    /// <summary>The short form of the contract (4.2): open connections count, from the first.</summary>
    public const string CountOpenConnections = "countOpenConnections";

    /// <summary>The members of <see cref="Property"/> with their largest thresholds.</summary>
    public static IReadOnlyDictionary<string, int> Members { get; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["openConnections"] = 1000,
        ["sshSessions"] = 1000,
        ["processorPercent"] = 100,
        ["gpuPercent"] = 100,
    };

    /// <summary>The signals of a workspace.</summary>
    public static OptionalSignals Of(Workspace workspace)
    {
        using JsonDocument document = JsonDocument.Parse(workspace.Model.Properties);
        JsonElement properties = document.RootElement;
        JsonElement? signals = Member(properties, Property);
        int? Threshold(string name) =>
            signals is { ValueKind: JsonValueKind.Object } given && Member(given, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number)
                ? number
                : null;
        return new OptionalSignals(
            Threshold("openConnections") ?? (IsTrue(Member(properties, CountOpenConnections)) ? 1 : null),
            Threshold("sshSessions"),
            Threshold("processorPercent"),
            Threshold("gpuPercent"));
    }

    // Clients write booleans as text too (contract 1.8).
    private static bool IsTrue(JsonElement? value) => value is { ValueKind: JsonValueKind.True }
        || (value is { ValueKind: JsonValueKind.String } text && string.Equals(text.GetString(), "true", StringComparison.OrdinalIgnoreCase));

    private static JsonElement? Member(JsonElement parent, string name)
    {
        foreach (JsonProperty member in parent.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        }

        return null;
    }
}
