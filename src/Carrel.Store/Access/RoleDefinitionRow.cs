using System.Text.Json;
using Carrel.Access.Roles;

namespace Carrel.Store.Access;

/// <summary>A custom role as Dapper fills it.</summary>
internal sealed class RoleDefinitionRow
{
    internal const string Columns =
        "id AS Id, role_name AS RoleName, description AS Description, permissions AS Permissions, scopes AS Scopes, "
        + "created_by AS CreatedBy, created_at AS CreatedAt, updated_by AS UpdatedBy, updated_at AS UpdatedAt";

    public string Id { get; init; } = "";

    public string RoleName { get; init; } = "";

    public string Description { get; init; } = "";

    public string Permissions { get; init; } = "";

    public string Scopes { get; init; } = "";

    public string CreatedBy { get; init; } = "";

    public long CreatedAt { get; init; }

    public string UpdatedBy { get; init; } = "";

    public long UpdatedAt { get; init; }

    internal RoleDefinition ToRole() => new(
        Guid.Parse(Id), RoleName, JsonSerializer.Deserialize<RolePermission[]>(Permissions)!, JsonSerializer.Deserialize<string[]>(Scopes)!, false)
    {
        Description = Description,
        Created = new RoleStamp(Guid.Parse(CreatedBy), AccessColumns.Instant(CreatedAt)),
        Updated = new RoleStamp(Guid.Parse(UpdatedBy), AccessColumns.Instant(UpdatedAt)),
    };
}
