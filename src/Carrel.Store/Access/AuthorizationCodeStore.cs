using Carrel.Access.Authority;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>One-use codes over a relational database.</summary>
public sealed class AuthorizationCodeStore(IDatabase database) : IAuthorizationCodeStore
{
    /// <inheritdoc/>
    public Task AddAsync(AuthorizationCode code, DateTimeOffset expiredBefore, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            connection.Execute(
                "DELETE FROM authorization_codes WHERE expires_at < @before", new { before = AccessColumns.Ticks(expiredBefore) }, transaction);
            return connection.Execute(
                """
                INSERT INTO authorization_codes (hash, client_id, redirect_uri, challenge, user_object_id, session_id, scope, nonce, expires_at)
                VALUES (@Hash, @ClientId, @RedirectUri, @Challenge, @UserObjectId, @SessionId, @Scope, @Nonce, @ExpiresAt)
                """,
                new
                {
                    code.Hash,
                    code.ClientId,
                    code.RedirectUri,
                    code.Challenge,
                    UserObjectId = AccessColumns.Text(code.UserObjectId),
                    SessionId = AccessColumns.Text(code.SessionId),
                    code.Scope,
                    code.Nonce,
                    ExpiresAt = AccessColumns.Ticks(code.ExpiresAt),
                },
                transaction);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<(CodeUse Use, AuthorizationCode? Code)> UseAsync(string hash, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<(CodeUse, AuthorizationCode?)>(
            (connection, transaction) =>
            {
                var values = new { hash, now = AccessColumns.Ticks(now) };
                CodeRow? row = connection.QuerySingleOrDefault<CodeRow>(
                    $"SELECT {CodeRow.Columns} FROM authorization_codes WHERE hash = @hash", values, transaction);
                if (row is null)
                    return (CodeUse.Unknown, null);
                if (row.UsedAt is null)
                {
                    connection.Execute("UPDATE authorization_codes SET used_at = @now WHERE hash = @hash", values, transaction);
                    return (CodeUse.First, row.ToCode());
                }

                connection.Execute(
                    "UPDATE authorization_codes SET replayed_at = COALESCE(replayed_at, @now) WHERE hash = @hash", values, transaction);
                connection.Execute("DELETE FROM sessions WHERE grant_id = @hash", values, transaction);
                connection.Execute("UPDATE refresh_grants SET ended_at = @now WHERE id = @hash AND ended_at IS NULL", values, transaction);
                return (CodeUse.Replay, row.ToCode());
            },
            cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListReplayedAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<string>>(
        connection => [.. connection.Query<string>("SELECT hash FROM authorization_codes WHERE replayed_at IS NOT NULL")], cancellation);
}
