using Carrel.Access.Directory;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>People and programs over a relational database.</summary>
public sealed class DirectoryStore(IDatabase database) : IDirectoryStore
{
    /// <inheritdoc/>
    public Task<Tenant?> FindTenantAsync(CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<TenantRow>("SELECT id AS Id, domain AS Domain, created_at AS CreatedAt FROM tenant")?.ToTenant(),
        cancellation);

    /// <inheritdoc/>
    public Task<DirectoryUser?> FindUserByNameAsync(string userName, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<UserRow>(
            $"SELECT {UserRow.Columns} FROM users WHERE name_key = @key", new { key = AccessColumns.Key(userName) })?.ToUser(),
        cancellation);

    /// <inheritdoc/>
    public Task<DirectoryUser?> FindUserAsync(Guid objectId, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<UserRow>(
            $"SELECT {UserRow.Columns} FROM users WHERE object_id = @id", new { id = AccessColumns.Text(objectId) })?.ToUser(),
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DirectoryUser>> ListUsersAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<DirectoryUser>>(
        connection => [.. connection.Query<UserRow>($"SELECT {UserRow.Columns} FROM users ORDER BY name_key").Select(row => row.ToUser())],
        cancellation);

    /// <inheritdoc/>
    public Task<bool> TryAddUserAsync(DirectoryUser user, CancellationToken cancellation) =>
        database.WriteAsync((connection, transaction) => AccessWrites.Insert(connection, transaction, user), cancellation);

    /// <inheritdoc/>
    public Task ReplacePasswordHashAsync(Guid objectId, string oldHash, string newHash, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            "UPDATE users SET password_hash = @newHash WHERE object_id = @id AND password_hash = @oldHash",
            new { id = AccessColumns.Text(objectId), oldHash, newHash },
            transaction),
        cancellation);

    /// <inheritdoc/>
    public Task<SignInAttempt> BeginSignInAsync(Guid objectId, DateTimeOffset now, LockOut rule, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            string id = AccessColumns.Text(objectId);
            AttemptRow? row = connection.QuerySingleOrDefault<AttemptRow>(
                "SELECT failures AS Failures, locked_until AS LockedUntil FROM sign_in_attempts WHERE object_id = @id", new { id }, transaction);
            SignInAttempt next = SignInAttempt.Next((int)(row?.Failures ?? 0), AccessColumns.Instant(row?.LockedUntil), now, rule);
            connection.Execute(
                """
                INSERT INTO sign_in_attempts (object_id, failures, locked_until) VALUES (@id, @failures, @lockedUntil)
                ON CONFLICT (object_id) DO UPDATE SET failures = excluded.failures, locked_until = excluded.locked_until
                """,
                new { id, failures = next.Failures, lockedUntil = AccessColumns.Ticks(next.LockedUntil) },
                transaction);
            return next;
        },
        cancellation);

    /// <inheritdoc/>
    public Task RecordSignInAsync(Guid objectId, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            "DELETE FROM sign_in_attempts WHERE object_id = @id", new { id = AccessColumns.Text(objectId) }, transaction),
        cancellation);

    /// <inheritdoc/>
    public Task<ServicePrincipal?> FindServicePrincipalAsync(Guid clientId, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<ServicePrincipalRow>(
            $"SELECT {ServicePrincipalRow.Columns} FROM service_principals WHERE client_id = @id",
            new { id = AccessColumns.Text(clientId) })?.ToPrincipal(),
        cancellation);

    /// <inheritdoc/>
    public Task<ServicePrincipal?> FindServicePrincipalByObjectIdAsync(Guid objectId, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<ServicePrincipalRow>(
            $"SELECT {ServicePrincipalRow.Columns} FROM service_principals WHERE object_id = @id",
            new { id = AccessColumns.Text(objectId) })?.ToPrincipal(),
        cancellation);

    /// <inheritdoc/>
    public Task AddServicePrincipalAsync(ServicePrincipal principal, IReadOnlyList<ClientSecret> secrets, CancellationToken cancellation) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                AccessWrites.Insert(connection, transaction, principal);
                foreach (ClientSecret secret in secrets)
                    AccessWrites.Insert(connection, transaction, secret);
                return true;
            },
            cancellation);

    /// <inheritdoc/>
    public Task AddClientSecretAsync(ClientSecret secret, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            AccessWrites.Insert(connection, transaction, secret);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClientSecret>> ListClientSecretsAsync(Guid clientId, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ClientSecret>>(
            connection =>
            [
                .. connection.Query<ClientSecretRow>(
                    "SELECT id AS Id, client_id AS ClientId, hash AS Hash, expires_at AS ExpiresAt FROM client_secrets WHERE client_id = @id",
                    new { id = AccessColumns.Text(clientId) }).Select(row => row.ToSecret()),
            ],
            cancellation);
}
