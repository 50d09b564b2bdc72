using Carrel.Access.SignIn;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>Sessions over a relational database.</summary>
public sealed class SessionStore(IDatabase database) : ISessionStore
{
    /// <inheritdoc/>
    public Task<bool> TryAddAsync(Session session, DateTimeOffset createdAfter, DateTimeOffset seenAfter, CancellationToken cancellation) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                var values = new
                {
                    Id = AccessColumns.Text(session.Id),
                    session.TokenHash,
                    Kind = session.Kind.ToString(),
                    session.InstanceUid,
                    UserObjectId = AccessColumns.Text(session.UserObjectId),
                    CreatedAt = AccessColumns.Ticks(session.CreatedAt),
                    LastSeenAt = AccessColumns.Ticks(session.LastSeenAt),
                    ParentId = AccessColumns.Text(session.ParentId),
                    session.GrantId,
                    CreatedAfter = AccessColumns.Ticks(createdAfter),
                    SeenAfter = AccessColumns.Ticks(seenAfter),
                };
                connection.Execute("DELETE FROM sessions WHERE created_at <= @CreatedAfter OR last_seen_at <= @SeenAfter", values, transaction);
                return connection.Execute(
                    """
                    INSERT INTO sessions (id, token_hash, kind, instance_uid, user_object_id, created_at, last_seen_at, parent_id, grant_id)
                    SELECT @Id, @TokenHash, @Kind, @InstanceUid, @UserObjectId, @CreatedAt, @LastSeenAt, @ParentId, @GrantId
                    WHERE (@ParentId IS NULL OR EXISTS (SELECT 1 FROM sessions WHERE id = @ParentId))
                      AND NOT EXISTS (SELECT 1 FROM authorization_codes WHERE hash = @GrantId AND replayed_at IS NOT NULL)
                    """,
                    values,
                    transaction) == 1;
            },
            cancellation);

    /// <inheritdoc/>
    public Task<Session?> FindAsync(string tokenHash, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<SessionRow>(
            $"SELECT {SessionRow.Columns} FROM sessions WHERE token_hash = @tokenHash", new { tokenHash })?.ToSession(),
        cancellation);

    /// <inheritdoc/>
    public Task<bool> AnyAsync(string instanceUid, Guid userObjectId, DateTimeOffset createdAfter, DateTimeOffset seenAfter, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.ExecuteScalar<long>(
            "SELECT EXISTS (SELECT 1 FROM sessions WHERE instance_uid = @instanceUid AND user_object_id = @user AND created_at > @created AND last_seen_at > @seen)",
            new { instanceUid, user = AccessColumns.Text(userObjectId), created = AccessColumns.Ticks(createdAfter), seen = AccessColumns.Ticks(seenAfter) }) == 1,
        cancellation);

    /// <inheritdoc/>
    public Task TouchAsync(string tokenHash, DateTimeOffset seenAt, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            "UPDATE sessions SET last_seen_at = MAX(last_seen_at, @seen) WHERE token_hash = @tokenHash",
            new { tokenHash, seen = AccessColumns.Ticks(seenAt) },
            transaction),
        cancellation);

    /// <inheritdoc/>
    public Task RevokeAsync(Guid id, CancellationToken cancellation) =>
        DeleteAsync("id = @value OR parent_id = @value", AccessColumns.Text(id), cancellation);

    /// <inheritdoc/>
    public Task RevokeUserAsync(Guid userObjectId, CancellationToken cancellation) =>
        DeleteAsync("user_object_id = @value", AccessColumns.Text(userObjectId), cancellation);

    /// <inheritdoc/>
    public Task RevokeInstanceAsync(string instanceUid, CancellationToken cancellation) =>
        DeleteAsync("instance_uid = @value", instanceUid, cancellation);

    private Task<int> DeleteAsync(string condition, string value, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) => connection.Execute($"DELETE FROM sessions WHERE {condition}", new { value }, transaction), cancellation);
}
