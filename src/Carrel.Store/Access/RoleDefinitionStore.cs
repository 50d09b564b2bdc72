using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json;
using Carrel.Access.Roles;
using Carrel.Arm.Audit;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>Custom roles over a relational database, with a view in memory: every request of the API asks here.</summary>
public sealed class RoleDefinitionStore(IDatabase database, TimeProvider time, RoleViews? views = null) : IRoleDefinitionStore
{
    private readonly RoleViews _views = views ?? new RoleViews();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<Guid, RoleDefinition>> AllAsync(CancellationToken cancellation)
    {
        RoleViews.DefinitionsHolder holder = _views.Definitions;
        return holder.Known ??= await database.ReadAsync(
            connection => connection.Query<RoleDefinitionRow>($"SELECT {RoleDefinitionRow.Columns} FROM role_definitions").Select(row => row.ToRole()).ToFrozenDictionary(role => role.Id),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<RoleDefinition?> SaveAsync(RoleDefinition role, AuditRecord audit, CancellationToken cancellation)
    {
        RoleStamp stamp = role.Updated ?? throw new ArgumentException("A role is written by somebody.", nameof(role));
        try
        {
            return await database.WriteAsync(
                (connection, transaction) =>
                {
                    if (connection.ExecuteScalar<int>(
                        "SELECT COUNT(*) FROM role_definitions WHERE name_key = @key AND id <> @id", new { key = NameKey(role), id = AccessColumns.Text(role.Id) }, transaction) > 0)
                        return null;
                    return new AdministratorGuard(connection, transaction, time.GetUtcNow()).Run(() =>
                    {
                        Upsert(connection, transaction, role, stamp);
                        AuditTrail.Append(connection, transaction, audit, time);
                        return connection.QuerySingle<RoleDefinitionRow>(
                            $"SELECT {RoleDefinitionRow.Columns} FROM role_definitions WHERE id = @id", new { id = AccessColumns.Text(role.Id) }, transaction).ToRole();
                    });
                },
                cancellation);
        }
        finally
        {
            _views.ForgetDefinitions();
        }
    }

    /// <inheritdoc/>
    public async Task<RoleRemoval> RemoveAsync(Guid id, AuditRecord audit, CancellationToken cancellation)
    {
        try
        {
            return await database.WriteAsync(
                (connection, transaction) =>
                {
                    var key = new { id = AccessColumns.Text(id) };
                    if (connection.ExecuteScalar<int>("SELECT COUNT(*) FROM role_assignments WHERE role_definition_id = @id", key, transaction) > 0)
                        return RoleRemoval.InUse;
                    if (connection.Execute("DELETE FROM role_definitions WHERE id = @id", key, transaction) == 0)
                        return RoleRemoval.Absent;
                    AuditTrail.Append(connection, transaction, audit, time);
                    return RoleRemoval.Removed;
                },
                cancellation);
        }
        finally
        {
            _views.ForgetDefinitions();
        }
    }

    private static void Upsert(DbConnection connection, DbTransaction transaction, RoleDefinition role, RoleStamp stamp) => connection.Execute(
        """
        INSERT INTO role_definitions (id, name_key, role_name, description, permissions, scopes, created_by, created_at, updated_by, updated_at)
        VALUES (@Id, @NameKey, @RoleName, @Description, @Permissions, @Scopes, @By, @At, @By, @At)
        ON CONFLICT (id) DO UPDATE SET name_key = excluded.name_key, role_name = excluded.role_name, description = excluded.description,
            permissions = excluded.permissions, scopes = excluded.scopes, updated_by = excluded.updated_by, updated_at = excluded.updated_at
        """,
        new
        {
            Id = AccessColumns.Text(role.Id),
            NameKey = NameKey(role),
            role.RoleName,
            role.Description,
            Permissions = JsonSerializer.Serialize(role.Permissions),
            Scopes = JsonSerializer.Serialize(role.AssignableScopes),
            By = AccessColumns.Text(stamp.By),
            At = AccessColumns.Ticks(stamp.At),
        },
        transaction);

    private static string NameKey(RoleDefinition role) => role.RoleName.ToLowerInvariant();
}
