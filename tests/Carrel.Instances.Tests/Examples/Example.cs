using System.Text.Json.Nodes;

namespace Carrel.Instances.Tests.Examples;

/// <summary>Published examples and generated public keys that are embedded in the tests.</summary>
internal static class Example
{
    public static JsonObject Load(string name)
    {
        using var stream = typeof(Example).Assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    public static string Key(string name) => (string)Load("PublicKeys.json")[name]!;
}
