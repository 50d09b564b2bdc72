using Carrel.Access.Directory;
using Dapper;

namespace Carrel.Store.Access;

/// <content>People.</content>
public sealed partial class DirectoryStore
{
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
    public Task<bool> TryAddUserAsync(DirectoryUser user, CancellationToken cancellation) => ChangeAsync(
        (connection, transaction) => !IsTaken(connection, transaction, user.ObjectId) && AccessWrites.Insert(connection, transaction, user), cancellation);

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
}
