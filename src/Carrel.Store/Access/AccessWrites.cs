using System.Data.Common;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>Inserts that more than one store needs inside a transaction of its own.</summary>
internal static class AccessWrites
{
    internal static bool Insert(DbConnection connection, DbTransaction transaction, DirectoryUser user) => connection.Execute(
        """
        INSERT INTO users (object_id, name_key, user_name, display_name, password_hash, created_at, enabled, must_change_password)
        VALUES (@ObjectId, @NameKey, @UserName, @DisplayName, @PasswordHash, @CreatedAt, @Enabled, @MustChangePassword)
        ON CONFLICT DO NOTHING
        """,
        new
        {
            ObjectId = AccessColumns.Text(user.ObjectId),
            NameKey = AccessColumns.Key(user.UserName),
            user.UserName,
            user.DisplayName,
            user.PasswordHash,
            CreatedAt = AccessColumns.Ticks(user.CreatedAt),
            Enabled = user.Enabled ? 1 : 0,
            MustChangePassword = user.MustChangePassword ? 1 : 0,
        },
        transaction) == 1;

    internal static bool Insert(DbConnection connection, DbTransaction transaction, ServicePrincipal principal) => connection.Execute(
        """
        INSERT INTO service_principals (client_id, object_id, display_name, kind, created_at, enabled)
        VALUES (@ClientId, @ObjectId, @DisplayName, @Kind, @CreatedAt, @Enabled)
        ON CONFLICT DO NOTHING
        """,
        new
        {
            ClientId = AccessColumns.Text(principal.ClientId),
            ObjectId = AccessColumns.Text(principal.ObjectId),
            principal.DisplayName,
            Kind = principal.Kind.ToString(),
            CreatedAt = AccessColumns.Ticks(principal.CreatedAt),
            Enabled = principal.Enabled ? 1 : 0,
        },
        transaction) == 1;

    internal static void Insert(DbConnection connection, DbTransaction transaction, ClientSecret secret) => connection.Execute(
        "INSERT INTO client_secrets (id, client_id, hash, expires_at, name, hint, created_at) VALUES (@Id, @ClientId, @Hash, @ExpiresAt, @Name, @Hint, @CreatedAt)",
        new
        {
            Id = AccessColumns.Text(secret.Id),
            ClientId = AccessColumns.Text(secret.ClientId),
            secret.Hash,
            ExpiresAt = AccessColumns.Ticks(secret.ExpiresAt),
            secret.Name,
            secret.Hint,
            CreatedAt = AccessColumns.Ticks(secret.CreatedAt),
        },
        transaction);

    internal static bool Insert(DbConnection connection, DbTransaction transaction, RoleAssignment assignment) => connection.Execute(
        """
        INSERT INTO role_assignments (id, scope_key, scope, principal_id, role_definition_id, principal_type, created_at, description, created_by)
        VALUES (@Id, @ScopeKey, @Scope, @PrincipalId, @RoleDefinitionId, @PrincipalType, @CreatedAt, @Description, @CreatedBy)
        ON CONFLICT DO NOTHING
        """,
        new
        {
            Id = AccessColumns.Text(assignment.Id),
            ScopeKey = AccessColumns.Key(assignment.Scope),
            assignment.Scope,
            PrincipalId = AccessColumns.Text(assignment.PrincipalId),
            RoleDefinitionId = AccessColumns.Text(assignment.RoleDefinitionId),
            assignment.PrincipalType,
            CreatedAt = AccessColumns.Ticks(assignment.CreatedAt),
            assignment.Description,
            CreatedBy = AccessColumns.Text(assignment.CreatedBy),
        },
        transaction) == 1;
}
