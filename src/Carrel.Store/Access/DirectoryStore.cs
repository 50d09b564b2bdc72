using System.Data.Common;
using Carrel.Access.Directory;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>People, programs and groups over a relational database.</summary>
public sealed partial class DirectoryStore(IDatabase database, TimeProvider time) : IDirectoryStore
{
    // Counted by each change after its commit, read by whoever keeps a memory view.
    private long _changes;

    /// <inheritdoc/>
    public long Changes => Volatile.Read(ref _changes);

    /// <inheritdoc/>
    public Task<Tenant?> FindTenantAsync(CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<TenantRow>("SELECT id AS Id, domain AS Domain, created_at AS CreatedAt FROM tenant")?.ToTenant(),
        cancellation);

    /// <inheritdoc/>
    public Task<PrincipalStanding?> FindPrincipalAsync(Guid objectId, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<StandingRow>(
            """
            SELECT 'User' AS Kind, enabled AND NOT must_change_password AS Enabled, sign_ins_from AS SignInsFrom FROM users WHERE object_id = @id
            UNION ALL SELECT kind, enabled, sign_ins_from FROM service_principals WHERE object_id = @id
            UNION ALL SELECT 'Group', 1, 0 FROM directory_groups WHERE object_id = @id
            """,
            new { id = AccessColumns.Text(objectId) })?.ToStanding(),
        cancellation);

    /// <inheritdoc/>
    public Task<bool> UpdatePrincipalAsync(Guid objectId, PrincipalChange change, CancellationToken cancellation) => change.Enabled == false
        ? ChangeGuardedAsync((connection, transaction) => Update(connection, transaction, objectId, change), cancellation)
        : ChangeAsync((connection, transaction) => Update(connection, transaction, objectId, change), cancellation);

    /// <inheritdoc/>
    public Task<bool> DeletePrincipalAsync(Guid objectId, DateTimeOffset now, CancellationToken cancellation) => ChangeGuardedAsync(
        (connection, transaction) =>
        {
            var values = new { id = AccessColumns.Text(objectId) };
            int removed = connection.Execute("DELETE FROM users WHERE object_id = @id", values, transaction)
                + connection.Execute("DELETE FROM service_principals WHERE object_id = @id AND kind = 'Application'", values, transaction);
            if (removed == 0)
                return false;
            EndSignIns(connection, transaction, objectId, now);
            connection.Execute("DELETE FROM group_members WHERE member_id = @id", values, transaction);
            connection.Execute("DELETE FROM sign_in_attempts WHERE object_id = @id", values, transaction);
            return true;
        },
        cancellation);

    private static bool Update(DbConnection connection, DbTransaction transaction, Guid objectId, PrincipalChange change)
    {
        var values = new
        {
            id = AccessColumns.Text(objectId),
            change.DisplayName,
            Enabled = Flag(change.Enabled),
            change.PasswordHash,
            change.ProvenHash,
            MustChange = Flag(change.MustChangePassword),
            SignInsFrom = AccessColumns.Ticks(change.SignInsFrom),
        };
        const string Common = "display_name = COALESCE(@DisplayName, display_name), enabled = COALESCE(@Enabled, enabled), sign_ins_from = COALESCE(@SignInsFrom, sign_ins_from)";
        int changed = connection.Execute(
            $"""
            UPDATE users SET {Common}, password_hash = COALESCE(@PasswordHash, password_hash), must_change_password = COALESCE(@MustChange, must_change_password)
            WHERE object_id = @id AND password_hash = COALESCE(@ProvenHash, password_hash)
            """,
            values,
            transaction);
        changed += connection.Execute($"UPDATE service_principals SET {Common} WHERE object_id = @id AND kind = 'Application'", values, transaction);
        if (changed == 0)
            return false;
        if (change.SignInsFrom is { } end)
            EndSignIns(connection, transaction, objectId, end);
        if (change.PasswordHash is not null)
            connection.Execute("DELETE FROM sign_in_attempts WHERE object_id = @id", values, transaction);
        return true;
    }

    private static int? Flag(bool? value) => value is { } flag ? (flag ? 1 : 0) : null;

    private static void EndSignIns(DbConnection connection, DbTransaction transaction, Guid objectId, DateTimeOffset now)
    {
        var values = new { id = AccessColumns.Text(objectId), now = AccessColumns.Ticks(now) };
        connection.Execute("DELETE FROM sessions WHERE user_object_id = @id", values, transaction);
        connection.Execute("UPDATE refresh_grants SET ended_at = @now WHERE user_object_id = @id AND ended_at IS NULL", values, transaction);
        connection.Execute("DELETE FROM device_codes WHERE user_object_id = @id", values, transaction);
    }

    /// <summary>Whether any principal has an object id.</summary>
    private static bool IsTaken(DbConnection connection, DbTransaction transaction, Guid objectId) => connection.ExecuteScalar<long>(
        """
        SELECT EXISTS (SELECT 1 FROM users WHERE object_id = @id) + EXISTS (SELECT 1 FROM service_principals WHERE object_id = @id)
             + EXISTS (SELECT 1 FROM directory_groups WHERE object_id = @id)
        """,
        new { id = AccessColumns.Text(objectId) },
        transaction) > 0;

    /// <summary>A change that could take the last one away who administers.</summary>
    private Task<T> ChangeGuardedAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken cancellation) => ChangeAsync(
        (connection, transaction) => new AdministratorGuard(connection, transaction, time.GetUtcNow()).Run(() => write(connection, transaction)), cancellation);

    private async Task<T> ChangeAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken cancellation)
    {
        try
        {
            return await database.WriteAsync(write, cancellation);
        }
        finally
        {
            Interlocked.Increment(ref _changes);
        }
    }

    private sealed class StandingRow
    {
        public string Kind { get; init; } = "";

        public long Enabled { get; init; }

        public long SignInsFrom { get; init; }

        internal PrincipalStanding ToStanding() => new(
            Kind switch { "User" => PrincipalType.User, "Group" => PrincipalType.Group, _ => PrincipalType.ServicePrincipal },
            Enabled == 1,
            AccessColumns.Instant(SignInsFrom)) { IsManagedIdentity = Kind == "ManagedIdentity" };
    }
}
