using System.Globalization;
using System.Text.Json;
using NodaTime.Text;

namespace Carrel.Conformance.Description;

/// <summary>
/// Compares a value with a type of the API description: types, words of enums in their spelling, required members, and no member that is
/// not described, unless it is allowed. Null stands for an optional member that is absent, as in the published examples.
/// </summary>
internal sealed class ShapeCheck(ApiDescription description, AllowedMembers allowed)
{
    /// <summary>What is wrong with a value of a type; empty when nothing is.</summary>
    public IEnumerable<string> Findings(JsonElement value, string type) => Named(value, type, "$");

    /// <summary>What is wrong with a list of a type (<c>value</c> and, when there is more, <c>nextLink</c>).</summary>
    public IEnumerable<string> ListFindings(JsonElement value, string type)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("value", out JsonElement rows) || rows.ValueKind != JsonValueKind.Array)
            return ["$.value is not an array"];
        IEnumerable<string> others = value.EnumerateObject()
            .Where(member => member.Name != "value" && !(member.Name == "nextLink" && member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null))
            .Select(member => $"$.{member.Name} is not documented in a list");
        return others.Concat(rows.EnumerateArray().SelectMany((row, index) => Named(row, type, $"$.value[{index}]")));
    }

    private IEnumerable<string> Named(JsonElement value, string type, string at)
    {
        JsonElement schema = description.Definition(type);
        if (!schema.TryGetProperty("properties", out _) && !schema.TryGetProperty("allOf", out _))
            return Inline(value, schema, type, at);
        if (value.ValueKind != JsonValueKind.Object)
            return [$"{at} is {value.ValueKind}, {type} is an object"];
        var members = new Dictionary<string, JsonElement>();
        var required = new HashSet<string>();
        Collect(type, members, required);
        string? discriminator = members.FirstOrDefault(member => member.Value.TryGetProperty("x-discriminator", out _) && !member.Value.TryGetProperty("enum", out _)).Key;
        if (discriminator is null || !value.TryGetProperty(discriminator, out JsonElement word))
            return Members(value, type, members, required, at);
        return description.Derived(type, word.ToString()) is { } derived
            ? Named(value, derived, at)
            : [$"{at}.{discriminator} is '{word}', which no type derived from {type} has"];
    }

    // The derived type's own members win: a discriminator has its one word there.
    private void Collect(string type, Dictionary<string, JsonElement> members, HashSet<string> required)
    {
        JsonElement schema = description.Definition(type);
        if (schema.TryGetProperty("properties", out JsonElement own))
        {
            foreach (JsonProperty member in own.EnumerateObject())
                members.TryAdd(member.Name, member.Value);
        }

        if (schema.TryGetProperty("required", out JsonElement names))
            required.UnionWith(names.EnumerateArray().Select(name => name.GetString()!));
        if (schema.TryGetProperty("allOf", out JsonElement bases))
        {
            foreach (JsonElement entry in bases.EnumerateArray())
                Collect(ApiDescription.NameOf(entry.GetProperty("$ref")), members, required);
        }
    }

    private IEnumerable<string> Members(JsonElement value, string type, Dictionary<string, JsonElement> members, HashSet<string> required, string at)
    {
        foreach (string name in required.Where(name => !value.TryGetProperty(name, out JsonElement found) || found.ValueKind == JsonValueKind.Null))
            yield return $"{at}.{name} is missing, {type} requires it";
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (!members.TryGetValue(member.Name, out JsonElement schema))
            {
                if (!allowed.Allows(type, member.Name))
                    yield return $"{at}.{member.Name} is not a member of {type}";
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                foreach (string finding in Inline(member.Value, schema, $"{type}.{member.Name}", $"{at}.{member.Name}"))
                    yield return finding;
            }
        }
    }

    private IEnumerable<string> Inline(JsonElement value, JsonElement schema, string type, string at)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
            return Named(value, ApiDescription.NameOf(reference), at);
        string? expected = schema.TryGetProperty("type", out JsonElement name) ? name.GetString() : null;
        bool fits = expected switch
        {
            null => true,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            _ => throw new NotSupportedException($"The description of {type} has the type '{expected}'."),
        };
        if (!fits)
            return [$"{at} is {value.ValueKind}, {type} is {expected}"];
        return expected switch
        {
            "string" => Text(value.GetString()!, schema, type, at),
            "array" when schema.TryGetProperty("items", out JsonElement items) => value.EnumerateArray().SelectMany((item, index) => Inline(item, items, type, $"{at}[{index}]")),
            "object" when schema.TryGetProperty("additionalProperties", out JsonElement additional) && additional.ValueKind == JsonValueKind.Object =>
                value.EnumerateObject().SelectMany(member => Inline(member.Value, additional, type, $"{at}.{member.Name}")),
            _ => [],
        };
    }

    private static IEnumerable<string> Text(string text, JsonElement schema, string type, string at)
    {
        if (schema.TryGetProperty("enum", out JsonElement words) && !words.EnumerateArray().Any(word => word.GetString() == text))
            yield return $"{at} is '{text}', which is no word of {type}";
        string? format = schema.TryGetProperty("format", out JsonElement name) ? name.GetString() : null;
        if (format == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            yield return $"{at} is '{text}', {type} is a time";
        if (format == "duration" && !PeriodPattern.Roundtrip.Parse(text).Success)
            yield return $"{at} is '{text}', {type} is a duration";
    }
}
