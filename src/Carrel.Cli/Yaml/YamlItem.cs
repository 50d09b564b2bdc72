using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Cli.Yaml;

/// <summary>
/// A value of a YAML document with the line where it begins (from 1), so that every complaint can name its place; 0 when it is not from a file.
/// </summary>
internal abstract record YamlItem(int Line)
{
    /// <summary>A JSON value as if it had been read from a document.</summary>
    public static YamlItem From(JsonNode? node) => node switch
    {
        null => new YamlScalar(string.Empty, true, 0),
        JsonObject map => new YamlMap([.. map.Select(pair => KeyValuePair.Create(new YamlScalar(pair.Key, true, 0), From(pair.Value)))], 0),
        JsonArray list => new YamlList([.. list.Select(From)], 0),
        _ when node.GetValueKind() == JsonValueKind.String => new YamlScalar(node.ToString(), false, 0),
        _ => new YamlScalar(node.ToJsonString(), true, 0),
    };
}

/// <summary>A scalar; <paramref name="Plain"/> tells whether it was written without quotes, since only then it can mean null.</summary>
internal sealed record YamlScalar(string Value, bool Plain, int Line) : YamlItem(Line)
{
    /// <summary>Whether it means "nothing".</summary>
    public bool IsNull => Plain && (Value is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlItem> Items, int Line) : YamlItem(Line);

/// <summary>A mapping in the order of the file.</summary>
internal sealed record YamlMap(IReadOnlyList<KeyValuePair<YamlScalar, YamlItem>> Entries, int Line) : YamlItem(Line)
{
    /// <summary>A document without content.</summary>
    public static readonly YamlMap Empty = new([], 0);

    /// <summary>Its keys.</summary>
    public IEnumerable<string> Keys => Entries.Select(entry => entry.Key.Value);
}
