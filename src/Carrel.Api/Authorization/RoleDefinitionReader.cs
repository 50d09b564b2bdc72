using System.Text.Json;
using Carrel.Access.Roles;
using Carrel.Arm.Errors;

namespace Carrel.Api.Authorization;

/// <summary>Reads a role definition as the clients send it (wire 7): with <c>properties</c> around it, or without. Member names compare ignoring case.</summary>
internal static class RoleDefinitionReader
{
    /// <summary>The role; what it may be is decided by <see cref="RoleDefinitionRules"/>.</summary>
    /// <exception cref="ArmException">400 <c>InvalidRequestContent</c>: not in this shape.</exception>
    internal static RoleDefinition Read(Guid id, JsonElement body, RoleStamp stamp)
    {
        JsonElement properties = body.Member("properties") ?? body;
        BodyReading.Require(properties, JsonValueKind.Object, "properties");
        if (properties.Text("type", "properties.type") is { Length: > 0 } type && !type.Equals("CustomRole", StringComparison.OrdinalIgnoreCase))
            throw new ArmException(400, "InvalidRoleDefinitionType", $"A role that is written is of type 'CustomRole', not '{type}': leave 'type' out.", "properties.type");
        List<RolePermission> permissions = [];
        foreach ((JsonElement permission, string path) in properties.Items("permissions", "properties.permissions"))
        {
            BodyReading.Require(permission, JsonValueKind.Object, path);
            permissions.Add(new RolePermission(
                permission.Texts("actions", path), permission.Texts("notActions", path), permission.Texts("dataActions", path), permission.Texts("notDataActions", path)));
        }

        return new RoleDefinition(
            id,
            properties.Text("roleName", "properties.roleName") ?? "",
            permissions,
            [.. properties.Texts("assignableScopes", "properties").Select(scope => RoleScope.Read(scope) ?? scope)],
            IsBuiltIn: false)
        {
            Description = properties.Text("description", "properties.description") ?? "",
            Updated = stamp,
        };
    }
}
