using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Instances.Specs.Reading;

/// <summary>
/// The known members of a custom service and their enum words, so that a document can be kept whole, extra members included, and still be
/// answered in canonical spelling (contract 1.2, 13.3).
/// </summary>
internal sealed class ServiceShape
{
    private static readonly ServiceShape Plain = new();

    private static readonly ServiceShape Service = Of(
        ("name", Plain),
        ("type", Words("docker")),
        ("image", Of(("type", Words("docker", "azureml")), ("reference", Plain), ("version", Plain))),
        ("environmentVariables", new ServiceShape { _each = Of(("type", Words("local")), ("value", Plain)) }),
        ("docker", Of(("privileged", Plain))),
        ("endpoints", Of(("protocol", Words("tcp", "udp", "http")), ("name", Plain), ("target", Plain), ("published", Plain), ("hostIp", Plain))),
        ("volumes", Of(
            ("type", Words("bind", "volume", "tmpfs", "npipe")),
            ("readOnly", Plain),
            ("source", Plain),
            ("target", Plain),
            ("consistency", Plain),
            ("bind", Of(("propagation", Plain), ("createHostPath", Plain), ("selinux", Plain))),
            ("volume", Of(("nocopy", Plain))),
            ("tmpfs", Of(("size", Plain))))),
        ("kernel", Of(("argv", Plain), ("displayName", Plain), ("language", Plain))));

    private Dictionary<string, ServiceShape> _members = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private string[] _words = [];
    private ServiceShape? _each;

    /// <summary>The same document with canonical names and words and without nulls; of a name given twice the last one counts.</summary>
    public static JsonObject Normalise(JsonElement service) => (JsonObject)Service.Copy(service)!;

    private static ServiceShape Of(params (string Name, ServiceShape Shape)[] members) => new()
    {
        _members = members.ToDictionary(m => m.Name, m => m.Shape, StringComparer.OrdinalIgnoreCase),
        _names = members.ToDictionary(m => m.Name, m => m.Name, StringComparer.OrdinalIgnoreCase),
    };

    private static ServiceShape Words(params string[] words) => new() { _words = words };

    private JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var member in element.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
                {
                    var shape = _each ?? _members.GetValueOrDefault(member.Name, Plain);
                    copy[_names.GetValueOrDefault(member.Name, member.Name)] = shape.Copy(member.Value);
                }

                return copy;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.String:
                var text = element.GetString()!;
                return JsonValue.Create(_words.FirstOrDefault(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) ?? text);
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return null;
            default:
                return JsonNode.Parse(element.GetRawText());
        }
    }
}
