using System.Text.Json.Nodes;
using Carrel.Instances.Resources;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Api;

/// <summary>Members that several resources share.</summary>
internal static class ArmText
{
    private static readonly InstantPattern Pattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fffffff'Z'");

    /// <summary>ISO 8601 in UTC with seven fractional digits (wire 1.9).</summary>
    internal static string Time(Instant instant) => Pattern.Format(instant);

    /// <summary><c>systemData</c>.</summary>
    internal static JsonObject SystemData(Principal createdBy, Instant createdOn, Principal modifiedBy, Instant modifiedOn) => new()
    {
        ["createdBy"] = createdBy.Name,
        ["createdByType"] = createdBy.Kind,
        ["createdAt"] = Time(createdOn),
        ["lastModifiedBy"] = modifiedBy.Name,
        ["lastModifiedByType"] = modifiedBy.Kind,
        ["lastModifiedAt"] = Time(modifiedOn),
    };

    /// <summary>A string map.</summary>
    internal static JsonObject Map(IReadOnlyDictionary<string, string> values) =>
        new(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
