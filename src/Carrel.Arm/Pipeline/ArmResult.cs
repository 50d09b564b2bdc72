using System.Text.Json.Nodes;

namespace Carrel.Arm.Pipeline;

/// <summary>The answer of a handler.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON body, or null for none.</param>
/// <param name="Headers">Further headers.</param>
public sealed record ArmResult(int Status, JsonNode? Body = null, IReadOnlyList<KeyValuePair<string, string>>? Headers = null)
{
    /// <summary>200 with a body.</summary>
    public static ArmResult Ok(JsonNode body) => new(200, body);

    /// <summary>200 with <c>{"value":[...]}</c> (contract: lists).</summary>
    public static ArmResult List(IEnumerable<JsonNode> rows) => Ok(new JsonObject { ["value"] = new JsonArray([.. rows]) });

    /// <summary>204 without a body.</summary>
    public static ArmResult NoContent { get; } = new(204);

    /// <summary>The same with one more header.</summary>
    public ArmResult With(string name, string value) => this with { Headers = [.. Headers ?? [], new(name, value)] };
}
