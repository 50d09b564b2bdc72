using System.Text.Json;

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
        [.. Between(ModelJson.Serialize(before), ModelJson.Serialize(after)).Select(name => ClientNames.GetValueOrDefault(name, name)).Distinct()];

    /// <summary>Names of the members of two JSON objects that differ, in the order of the alphabet. What was spelled otherwise counts as different.</summary>
    public static IEnumerable<string> Between(string before, string after)
    {
        Dictionary<string, string> old = Members(before);
        Dictionary<string, string> now = Members(after);
        return old.Keys.Union(now.Keys).Where(name => old.GetValueOrDefault(name) != now.GetValueOrDefault(name)).Order(StringComparer.Ordinal);
    }

    private static Dictionary<string, string> Members(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
            members[member.Name] = member.Value.GetRawText();
        return members;
    }
}
