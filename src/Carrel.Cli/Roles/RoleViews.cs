using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Roles;

/// <summary>Roles as 'az role' prints them.</summary>
internal static class RoleViews
{
    /// <summary>Columns of role definitions.</summary>
    public static readonly IReadOnlyList<Column> DefinitionColumns = [new("NAME", "roleName"), new("TYPE", "roleType"), new("DESCRIPTION", "description"), new("ID", "name")];

    /// <summary>Columns of role assignments.</summary>
    public static readonly IReadOnlyList<Column> AssignmentColumns =
        [new("PRINCIPAL", "principalName"), new("TYPE", "principalType"), new("ROLE", "roleDefinitionName"), new("SCOPE", "scope"), new("ID", "name")];

    /// <summary>A role definition.</summary>
    public static JsonObject Definition(JsonObject row)
    {
        var properties = row["properties"] as JsonObject ?? [];
        return new JsonObject
        {
            ["id"] = ComputeView.Copy(row["id"]),
            ["name"] = ComputeView.Copy(row["name"]),
            ["roleName"] = ComputeView.Copy(properties["roleName"]),
            ["roleType"] = ComputeView.Copy(properties["type"]),
            ["description"] = ComputeView.Copy(properties["description"]),
            ["permissions"] = ComputeView.Copy(properties["permissions"]),
            ["assignableScopes"] = ComputeView.Copy(properties["assignableScopes"]),
            ["createdOn"] = ComputeView.Copy(properties["createdOn"]),
            ["updatedOn"] = ComputeView.Copy(properties["updatedOn"]),
        };
    }

    /// <summary>A role assignment, with names where they are known.</summary>
    public static JsonObject Assignment(JsonObject row, string? principalName, string? roleName)
    {
        var properties = row["properties"] as JsonObject ?? [];
        return new JsonObject
        {
            ["id"] = ComputeView.Copy(row["id"]),
            ["name"] = ComputeView.Copy(row["name"]),
            ["scope"] = ComputeView.Copy(properties["scope"]),
            ["principalId"] = ComputeView.Copy(properties["principalId"]),
            ["principalName"] = principalName ?? properties["principalId"]?.ToString(),
            ["principalType"] = ComputeView.Copy(properties["principalType"]),
            ["roleDefinitionId"] = ComputeView.Copy(properties["roleDefinitionId"]),
            ["roleDefinitionName"] = roleName,
            ["description"] = ComputeView.Copy(properties["description"]),
            ["createdOn"] = ComputeView.Copy(properties["createdOn"]),
            ["createdBy"] = ComputeView.Copy(properties["createdBy"]),
        };
    }
}
