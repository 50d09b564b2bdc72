using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Output;

/// <summary>Values separated by tabs as <c>az -o tsv</c> writes them: a list is its length, a map is empty, nothing is None.</summary>
internal static class TsvText
{
    /// <summary>One line for an object, one per row for a list.</summary>
    public static string Write(JsonNode? node) => node switch
    {
        null => string.Empty,
        JsonArray rows => string.Concat(rows.Select(Line)),
        _ => Line(node),
    };

    private static string Line(JsonNode? row) =>
        (row is JsonObject map ? string.Join('\t', map.Select(pair => Cell(pair.Value))) : Cell(row)) + "\n";

    private static string Cell(JsonNode? value) => value switch
    {
        null => "None",
        JsonArray list => list.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
        JsonObject => string.Empty,
        _ when value.GetValueKind() == JsonValueKind.String => TerminalText.Clean(value.ToString()).Replace('\n', ' '),
        _ => value.ToJsonString(),
    };
}
