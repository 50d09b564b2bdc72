using System.Text.Json;

namespace Carrel.Conformance.Description;

/// <summary>One answer of the server, as the recording server wrote it down.</summary>
internal sealed record Exchange(string Method, string Path, string Query, string Agent, int Status, IReadOnlyDictionary<string, string> Headers, JsonElement? Body)
{
    /// <summary>Reads a record.</summary>
    public static IReadOnlyList<Exchange> ReadAll(string file) => [.. File.ReadLines(file).Select(Parse)];

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path} -> {Status}";

    private static Exchange Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement.Clone();
        JsonElement body = root.GetProperty("body");
        return new Exchange(
            root.GetProperty("method").GetString()!,
            root.GetProperty("path").GetString()!,
            root.GetProperty("query").GetString() ?? "",
            root.GetProperty("agent").GetString()!,
            root.GetProperty("status").GetInt32(),
            root.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase),
            body.ValueKind == JsonValueKind.Null ? null : body);
    }
}
