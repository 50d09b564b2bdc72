using System.Text.Json.Nodes;

namespace Carrel.Instances.Specs;

/// <summary>Which members differ between two wishes, by the names clients know. Pure.</summary>
public static class ChangedMembers
{
    private static readonly Dictionary<string, string> ClientNames = new(StringComparer.Ordinal)
    {
        ["idleMinutes"] = "idleTimeBeforeShutdown",
        ["mlflowAutologger"] = "autologgerSettings",
        ["subnetId"] = "subnet",
        ["sshEnabled"] = "sshSettings",
        ["adminPublicKey"] = "sshSettings",
        ["assignedUser"] = "personalComputeInstanceSettings",
        ["creationScript"] = "setupScripts",
        ["startupScript"] = "setupScripts",
        ["enableOsPatching"] = "enableOSPatching",
        ["enableSso"] = "enableSSO",
    };

    /// <summary>Names of the members of an instance that differ.</summary>
    public static IReadOnlyList<string> Between(ComputeInstanceModel before, ComputeInstanceModel after) =>
        [.. Between(Parse(ModelJson.Serialize(before)), Parse(ModelJson.Serialize(after))).Select(name => ClientNames.GetValueOrDefault(name, name)).Distinct()];

    /// <summary>Names of the members of two JSON objects that differ, in the order of the alphabet.</summary>
    public static IEnumerable<string> Between(JsonObject before, JsonObject after) =>
        before.Select(member => member.Key).Union(after.Select(member => member.Key))
            .Where(name => !JsonNode.DeepEquals(before[name], after[name]))
            .Order(StringComparer.Ordinal);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
