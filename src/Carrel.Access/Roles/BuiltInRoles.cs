using System.Collections.Frozen;
using System.Text.Json;

namespace Carrel.Access.Roles;

/// <summary>The roles that come with Carrel, read from the embedded rbac.json (contract 7.3).</summary>
public static class BuiltInRoles
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RoleDefinition> All { get; } = Read();

    private static readonly FrozenDictionary<Guid, RoleDefinition> ById = All.ToFrozenDictionary(role => role.Id);

    /// <summary>Everything, role assignments included.</summary>
    public static RoleDefinition Owner { get; } = All.Single(role => role.RoleName == "Owner");

    /// <summary>Finds one by its GUID.</summary>
    public static RoleDefinition? Find(Guid id) => ById.GetValueOrDefault(id);

    private static List<RoleDefinition> Read()
    {
        using Stream stream = typeof(BuiltInRoles).Assembly.GetManifestResourceStream("Carrel.Access.Roles.rbac.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        var roles = new List<RoleDefinition>();
        foreach (JsonElement role in document.RootElement.GetProperty("roles").EnumerateArray())
        {
            var permission = new RolePermission(
                Texts(role, "actions"), Texts(role, "notActions"), Texts(role, "dataActions"), Texts(role, "notDataActions"));
            roles.Add(new RoleDefinition(
                role.GetProperty("name").GetGuid(), role.GetProperty("roleName").GetString()!, [permission], Texts(role, "assignableScopes"), true));
        }

        return roles;
    }

    private static string[] Texts(JsonElement role, string name) =>
        role.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];
}
