using System.Text.Json;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;

namespace Carrel.Engine.Commands;

/// <summary>Reads what rules ask of a workspace's free-form properties (contract 14). Pure.</summary>
internal static class WorkspaceReading
{
    internal static WorkspaceFacts Facts(Workspace workspace)
    {
        using JsonDocument document = JsonDocument.Parse(workspace.Model.Properties);
        JsonElement properties = document.RootElement;
        return new WorkspaceFacts(
            PrivateLink: Member(properties, "privateLink") is { ValueKind: JsonValueKind.True },
            // The Python client always sends the object; Disabled means none.
            ManagedNetwork: Member(properties, "managedNetwork") is { ValueKind: JsonValueKind.Object } network
                && Member(network, "isolationMode") is { ValueKind: JsonValueKind.String } mode
                && !string.Equals(mode.GetString(), "Disabled", StringComparison.OrdinalIgnoreCase),
            StorageKeys: !IsFalse(Member(properties, "allowSharedKeyAccess")));
    }

    // Booleans come as text too (contract 1.8).
    private static bool IsFalse(JsonElement? value) => value is { ValueKind: JsonValueKind.False }
        || value is { ValueKind: JsonValueKind.String } text && string.Equals(text.GetString(), "false", StringComparison.OrdinalIgnoreCase);

    private static JsonElement? Member(JsonElement parent, string name)
    {
        foreach (JsonProperty member in parent.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        }

        return null;
    }
}
