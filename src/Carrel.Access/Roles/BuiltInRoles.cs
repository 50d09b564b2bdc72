using System.Collections.Frozen;
using System.Text.Json;

namespace Carrel.Access.Roles;

/// <summary>The roles that come with Carrel, read from the embedded rbac.json (contract 7.3).</summary>
public static class BuiltInRoles
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RoleDefinition> All { get; } = Read();

    /// <summary>Every operation that a role may name in the namespace of machine learning (contract 7.1).</summary>
    public static IReadOnlyList<string> Operations { get; } = ReadOperations();

    private static readonly FrozenDictionary<Guid, RoleDefinition> ById = All.ToFrozenDictionary(role => role.Id);

    /// <summary>Everything, role assignments included.</summary>
    public static RoleDefinition Owner { get; } = All.Single(role => role.RoleName == "Owner");

    /// <summary>Finds one by its GUID.</summary>
    public static RoleDefinition? Find(Guid id) => ById.GetValueOrDefault(id);

    private static Dictionary<string, string> Descriptions => new()
    {
        ["Owner"] = "Everything, giving roles included.",
        ["Contributor"] = "Everything but giving roles.",
        ["Reader"] = "Sees everything, changes nothing.",
        ["User Access Administrator"] = "Sees everything and gives roles to others.",
        ["Role Based Access Control Administrator"] = "Sees everything and assigns roles to others.",
        ["AzureML Data Scientist"] = "Works in a workspace and with instances that were made for them; neither makes nor deletes computes.",
        ["AzureML Compute Operator"] = "Makes, manages and deletes computes.",
        ["Managed Identity Operator"] = "Reads user-assigned identities and attaches them.",
        ["Resource Policy Contributor"] = "Sees everything and writes policies.",
    };

    private static JsonDocument Document()
    {
        using Stream stream = typeof(BuiltInRoles).Assembly.GetManifestResourceStream("Carrel.Access.Roles.rbac.json")!;
        return JsonDocument.Parse(stream);
    }

    private static string[] ReadOperations()
    {
        using JsonDocument document = Document();
        return [.. document.RootElement.GetProperty("operations").EnumerateArray().Select(operation => operation.GetProperty("name").GetString()!)];
    }

    private static List<RoleDefinition> Read()
    {
        using JsonDocument document = Document();
        var roles = new List<RoleDefinition>();
        foreach (JsonElement role in document.RootElement.GetProperty("roles").EnumerateArray())
        {
            var permission = new RolePermission(
                Texts(role, "actions"), Texts(role, "notActions"), Texts(role, "dataActions"), Texts(role, "notDataActions"));
            roles.Add(new RoleDefinition(
                role.GetProperty("name").GetGuid(), role.GetProperty("roleName").GetString()!, [permission], Texts(role, "assignableScopes"), true)
            {
                Description = Descriptions.GetValueOrDefault(role.GetProperty("roleName").GetString()!, ""),
            });
        }

        return roles;
    }

    private static string[] Texts(JsonElement role, string name) =>
        role.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];
}
