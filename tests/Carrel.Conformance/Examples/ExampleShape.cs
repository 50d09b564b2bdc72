using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Conformance.Examples;

/// <summary>Compares the shape of an answer with that of an example: its members and value types, not its values. Pure.</summary>
internal static class ExampleShape
{
    /// <summary>What the example has and the answer has not; empty when the answer has its shape.</summary>
    public static IEnumerable<string> Differences(JsonNode? example, JsonNode? answer, string at = "$") => (example, answer) switch
    {
        // An example's null says nothing about the type.
        (null, _) => [],
        (JsonObject members, JsonObject found) => members.SelectMany(member => found.ContainsKey(member.Key)
            ? Differences(member.Value, found[member.Key], $"{at}.{member.Key}")
            : [$"{at}.{member.Key} is missing"]),
        // Rows of a list have one shape: what every row of the example has.
        (JsonArray { Count: > 0 } rows, JsonArray found) => found.Count == 0
            ? [$"{at} is empty"]
            : found.SelectMany((row, index) => Differences(Shared(rows), row, $"{at}[{index}]")),
        (JsonArray, JsonArray) => [],
        (JsonValue value, JsonValue found) when Kind(value) == Kind(found) => [],
        _ => [$"{at} is {Describe(answer)}, in the example it is {Describe(example)}"],
    };

    private static JsonNode? Shared(JsonArray rows)
    {
        if (rows[0] is not JsonObject first)
            return rows[0];
        IEnumerable<KeyValuePair<string, JsonNode?>> shared = first.Where(member => rows.All(row => row is JsonObject other && other.ContainsKey(member.Key)));
        return new JsonObject(shared.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
    }

    private static JsonValueKind Kind(JsonValue value) => value.GetValueKind() is JsonValueKind.False ? JsonValueKind.True : value.GetValueKind();

    private static string Describe(JsonNode? node) => node is null ? "null" : node.GetValueKind().ToString();
}
