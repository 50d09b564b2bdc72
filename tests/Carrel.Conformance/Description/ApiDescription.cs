using System.Text.Json;

namespace Carrel.Conformance.Description;

/// <summary>
/// The published API description: its types, and which answer each operation may give. The types of <c>2025-12-01.json</c> are as published;
/// those of <c>resource-manager.json</c> (operations, groups, subscriptions, ...) and the table of answers are ours, in the same notation.
/// </summary>
internal sealed class ApiDescription
{
    private readonly Dictionary<string, JsonElement> _definitions = [];
    private readonly List<DocumentedOperation> _operations = [];

    /// <summary>Reads the folder with the description.</summary>
    public static ApiDescription Read(string folder)
    {
        var description = new ApiDescription();
        foreach (string file in new[] { "2025-12-01.json", "resource-manager.json" })
        {
            foreach (JsonProperty definition in Parse(folder, file).GetProperty("definitions").EnumerateObject())
                description._definitions.Add(definition.Name, definition.Value);
        }

        foreach (JsonProperty path in Parse(folder, "answers.json").EnumerateObject())
        {
            foreach (JsonProperty method in path.Value.EnumerateObject())
                description._operations.Add(new DocumentedOperation(method.Name.ToUpperInvariant(), path.Name.Split('/'), method.Value));
        }

        return description;
    }

    /// <summary>The operation of a method and path; null when there is none. Paths are compared without case.</summary>
    public DocumentedOperation? Find(string method, string path)
    {
        string[] segments = path.TrimEnd('/').Split('/');
        return _operations.FirstOrDefault(operation => operation.Method == method && operation.Matches(segments));
    }

    /// <summary>The schema of a type.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public JsonElement Definition(string name) => _definitions[name];

    /// <summary>What <c>#/definitions/NAME</c> refers to.</summary>
    public static string NameOf(JsonElement reference) => reference.GetString()!.Split('/')[^1];

    /// <summary>The type that a discriminator's value chooses among those derived from a type; null when no type has that value.</summary>
    public string? Derived(string baseType, string value) => _definitions
        .Where(definition => definition.Value.TryGetProperty("x-discriminator-value", out JsonElement own) && own.GetString() == value && Inherits(definition.Value, baseType))
        .Select(definition => definition.Key)
        .FirstOrDefault();

    private static bool Inherits(JsonElement schema, string baseType) =>
        schema.TryGetProperty("allOf", out JsonElement bases) && bases.EnumerateArray().Any(entry => NameOf(entry.GetProperty("$ref")) == baseType);

    private static JsonElement Parse(string folder, string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file)));
        return document.RootElement.Clone();
    }
}

/// <summary>A method, a path of segments (<c>{...}</c> takes any) and its answers by status: a type, <c>[type]</c> for a list, or null for none.</summary>
internal sealed record DocumentedOperation(string Method, string[] Path, JsonElement Answers)
{
    /// <summary>Whether a path is this operation's.</summary>
    public bool Matches(string[] segments) => segments.Length == Path.Length
        && segments.Zip(Path).All(pair => pair.Second.StartsWith('{') ? pair.First.Length > 0 : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
}
