using System.Text.Json;

namespace Carrel.Instances.Specs.Reading;

/// <summary>
/// Reads members of one JSON object: names ignoring case, null as absent, a wrong JSON type as a finding. The caller has checked that all
/// text is valid Unicode (<see cref="UnicodeCheck"/>), so nothing here throws.
/// </summary>
internal sealed class MemberReader(JsonElement element, string path, List<Finding> findings)
{
    public JsonElement Element { get; } = element;

    public string Path { get; } = path;

    /// <summary>Names of members whose value is not null, as sent.</summary>
    public IEnumerable<string> Names => Element.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null).Select(m => m.Name);

    /// <summary>Names of members whose value is null, as sent.</summary>
    public IEnumerable<string> NullNames => Element.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Null).Select(m => m.Name);

    public MemberReader? Object(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object ? new MemberReader(value, At(name), findings) : Wrong<MemberReader>(At(name), "an object");
    }

    /// <summary>Every member that must be an object, in one pass: a map can have thousands.</summary>
    public IEnumerable<MemberReader> EachObject()
    {
        foreach (var member in Element.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            if (member.Value.ValueKind == JsonValueKind.Object)
            {
                yield return new MemberReader(member.Value, At(member.Name), findings);
            }
            else
            {
                Wrong<MemberReader>(At(member.Name), "an object");
            }
        }
    }

    public string? Text(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : Wrong<string>(At(name), "a text");
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Wrong<string>(At(name), "true or false");
        return null;
    }

    public int? Number(string name) => Find(name) is { } value ? Number(value, At(name)) : null;

    /// <summary>A list of objects.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="refusesNull">Whether a null item is wrong; else it is left out. It is wrong in a list that replaces the stored one, which it would empty.</param>
    public List<MemberReader>? Objects(string name, bool refusesNull = false) => List(
        name, (value, at) => value.ValueKind == JsonValueKind.Object ? new MemberReader(value, at, findings) : Wrong<MemberReader>(at, "an object"), refusesNull);

    /// <summary>Whether a member says something: null and an empty list do not.</summary>
    public bool Says(string name) => Find(name) is { } value && !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    /// <summary>A list of whole numbers, or one number for a list of one (contract 3.4).</summary>
    public List<int>? Numbers(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } one
            ? Number(one, At(name)) is { } number ? [number] : null
            : List(name, (value, at) => Number(value, at) is { } number ? (object)number : null)?.ConvertAll(n => (int)n);

    /// <summary>A list of texts, or one text for a list of one.</summary>
    public List<string>? Texts(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } one
            ? [one.GetString()!]
            : List(name, (value, at) => value.ValueKind == JsonValueKind.String ? value.GetString() : Wrong<string>(at, "a text"));

    /// <summary>A map of texts.</summary>
    public Dictionary<string, string>? TextMap(string name)
    {
        if (Object(name) is not { } map)
        {
            return null;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in map.Element.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            if (member.Value.ValueKind == JsonValueKind.String)
            {
                texts[member.Name] = member.Value.GetString()!;
            }
            else
            {
                Wrong<string>($"{map.Path}.{member.Name}", "a text");
            }
        }

        return texts;
    }

    private List<T>? List<T>(string name, Func<JsonElement, string, T?> read, bool refusesNull = false) where T : class
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return Wrong<List<T>>(At(name), "a list");
        }

        var items = new List<T>();
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if ((refusesNull || item.ValueKind != JsonValueKind.Null) && read(item, $"{At(name)}[{index}]") is { } good)
            {
                items.Add(good);
            }

            index++;
        }

        return items;
    }

    private int? Number(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        Wrong<string>(at, "a whole number");
        return null;
    }

    private JsonElement? Find(string name)
    {
        JsonElement? found = null;
        foreach (var member in Element.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                found = member.Value;
            }
        }

        return found is { ValueKind: not JsonValueKind.Null } ? found : null;
    }

    private string At(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    private T? Wrong<T>(string at, string wanted) where T : class
    {
        findings.Add(new Finding(FindingCodes.InvalidRequestBody, $"'{at}' must be {wanted}.", at));
        return null;
    }
}
