using System.Text.Json.Nodes;
using Carrel.Access.Roles;
using NodaTime;

namespace Carrel.Api.Authorization;

/// <summary>Writes role definitions and assignments in the published shape (Microsoft.Authorization 2022-04-01; wire 7).</summary>
internal static class RoleBodies
{
    private const string Provider = "/providers/Microsoft.Authorization/";

    /// <summary>The full id of a role, below the subscription of the scope it is named at.</summary>
    internal static string DefinitionId(Guid id, string scope) =>
        $"{(scope.Split('/') is [_, _, { } subscription, ..] ? $"/subscriptions/{subscription}" : "")}{Provider}roleDefinitions/{id:D}";

    internal static string AssignmentId(RoleAssignment assignment) => $"{(assignment.Scope == "/" ? "" : assignment.Scope)}{Provider}roleAssignments/{assignment.Id:D}";

    internal static JsonObject Definition(RoleDefinition role, string scope) => new()
    {
        ["id"] = DefinitionId(role.Id, scope),
        ["name"] = role.Id.ToString("D"),
        ["type"] = "Microsoft.Authorization/roleDefinitions",
        ["properties"] = new JsonObject
        {
            ["roleName"] = role.RoleName,
            ["type"] = role.IsBuiltIn ? "BuiltInRole" : "CustomRole",
            ["description"] = role.Description,
            ["assignableScopes"] = Texts(role.AssignableScopes),
            ["permissions"] = new JsonArray([.. role.Permissions.Select(Permission)]),
            ["createdOn"] = Time(role.Created?.At),
            ["updatedOn"] = Time(role.Updated?.At),
            ["createdBy"] = role.Created?.By.ToString("D"),
            ["updatedBy"] = role.Updated?.By.ToString("D"),
        },
    };

    internal static JsonObject Assignment(RoleAssignment assignment) => new()
    {
        ["id"] = AssignmentId(assignment),
        ["name"] = assignment.Id.ToString("D"),
        ["type"] = "Microsoft.Authorization/roleAssignments",
        ["properties"] = new JsonObject
        {
            ["roleDefinitionId"] = DefinitionId(assignment.RoleDefinitionId, assignment.Scope),
            ["principalId"] = assignment.PrincipalId.ToString("D"),
            ["principalType"] = assignment.PrincipalType,
            ["scope"] = assignment.Scope,
            ["condition"] = null,
            ["conditionVersion"] = null,
            ["description"] = assignment.Description,
            ["createdOn"] = Time(assignment.CreatedAt),
            ["updatedOn"] = Time(assignment.CreatedAt),
            ["createdBy"] = assignment.CreatedBy?.ToString("D"),
            ["updatedBy"] = assignment.CreatedBy?.ToString("D"),
            ["delegatedManagedIdentityResourceId"] = null,
        },
    };

    private static JsonObject Permission(RolePermission permission) => new()
    {
        ["actions"] = Texts(permission.Actions),
        ["notActions"] = Texts(permission.NotActions),
        ["dataActions"] = Texts(permission.DataActions),
        ["notDataActions"] = Texts(permission.NotDataActions),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static string? Time(DateTimeOffset? at) => at is { } time ? ArmText.Time(Instant.FromDateTimeOffset(time)) : null;
}
