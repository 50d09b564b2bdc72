using System.Text.Json;
using Carrel.Arm.Errors;

namespace Carrel.Api.Authorization;

/// <summary>Reads members of a JSON body; names compare ignoring case, null is absent (contract, conventions).</summary>
internal static class BodyReading
{
    internal static JsonElement? Member(this JsonElement parent, string name)
    {
        foreach (JsonProperty member in parent.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value.ValueKind == JsonValueKind.Null ? null : member.Value;
        }

        return null;
    }

    internal static string? Text(this JsonElement parent, string name, string path)
    {
        if (parent.Member(name) is not { } value)
            return null;
        Require(value, JsonValueKind.String, path);
        return value.GetString();
    }

    internal static IEnumerable<(JsonElement Item, string Path)> Items(this JsonElement parent, string name, string path)
    {
        if (parent.Member(name) is not { } list)
            return [];
        Require(list, JsonValueKind.Array, path);
        return list.EnumerateArray().Select((item, index) => (item, $"{path}[{index}]"));
    }

    /// <summary>A list of texts; none when it is absent.</summary>
    internal static string[] Texts(this JsonElement parent, string name, string path)
    {
        List<string> texts = [];
        foreach ((JsonElement item, string itemPath) in parent.Items(name, $"{path}.{name}"))
        {
            Require(item, JsonValueKind.String, itemPath);
            texts.Add(item.GetString()!);
        }

        return [.. texts];
    }

    /// <exception cref="ArmException">400 <c>InvalidRequestContent</c>.</exception>
    internal static void Require(JsonElement value, JsonValueKind kind, string path)
    {
        if (value.ValueKind == kind)
            return;
        string word = kind switch { JsonValueKind.Object => "an object", JsonValueKind.Array => "a list", _ => "a text" };
        throw new ArmException(400, "InvalidRequestContent", $"'{path}' has to be {word}.", path);
    }
}
