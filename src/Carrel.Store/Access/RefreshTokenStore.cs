using System.Data.Common;
using Carrel.Access.Authority.Refresh;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>Sign-ins that can be prolonged, over a relational database.</summary>
public sealed class RefreshTokenStore(IDatabase database) : IRefreshTokenStore
{
    /// <inheritdoc/>
    public Task<bool> TryAddAsync(RefreshGrant grant, string tokenHash, RefreshRule rule, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            var values = new
            {
                grant.Id,
                grant.ClientId,
                UserObjectId = AccessColumns.Text(grant.UserObjectId),
                grant.Scope,
                SignedInAt = AccessColumns.Ticks(grant.SignedInAt),
                Longest = AccessColumns.Ticks(grant.SignedInAt - rule.Longest),
                Idle = AccessColumns.Ticks(grant.SignedInAt - rule.Idle),
                Ended = AccessColumns.Ticks(grant.SignedInAt - TimeSpan.FromDays(1)),
                Hash = tokenHash,
            };
            connection.Execute("DELETE FROM refresh_grants WHERE signed_in_at <= @Longest OR last_used_at <= @Idle OR ended_at <= @Ended", values, transaction);
            int added = connection.Execute(
                """
                INSERT INTO refresh_grants (id, client_id, user_object_id, scope, signed_in_at, last_used_at)
                SELECT @Id, @ClientId, @UserObjectId, @Scope, @SignedInAt, @SignedInAt
                WHERE EXISTS (SELECT 1 FROM users WHERE object_id = @UserObjectId AND enabled = 1 AND must_change_password = 0 AND sign_ins_from <= @SignedInAt)
                  AND NOT EXISTS (SELECT 1 FROM authorization_codes WHERE hash = @Id AND replayed_at IS NOT NULL)
                ON CONFLICT DO NOTHING
                """,
                values,
                transaction);
            if (added == 1)
                connection.Execute("INSERT INTO refresh_tokens (hash, grant_id) VALUES (@Hash, @Id)", values, transaction);
            return added == 1;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<(RefreshOutcome Outcome, RefreshGrant? Grant)> UseAsync(RefreshUse use, RefreshRule rule, CancellationToken cancellation) =>
        database.WriteAsync<(RefreshOutcome, RefreshGrant?)>(
            (connection, transaction) =>
            {
                if (Find(connection, transaction, use.Hash) is not { } row)
                    return (RefreshOutcome.Unknown, null);
                RefreshGrant grant = row.ToGrant();
                RefreshOutcome outcome = RefreshDecision.Decide(
                    grant, use.ClientId, AccessColumns.Instant(row.UsedAt), row.UsedFrom, use.From, use.Now, rule);
                var values = new { grant.Id, use.Hash, use.NextHash, use.From, Now = AccessColumns.Ticks(use.Now) };
                switch (outcome)
                {
                    case RefreshOutcome.Renewed:
                        connection.Execute(
                            "UPDATE refresh_tokens SET used_at = COALESCE(used_at, @Now), used_from = COALESCE(used_from, @From) WHERE hash = @Hash", values, transaction);
                        connection.Execute("INSERT INTO refresh_tokens (hash, grant_id) VALUES (@NextHash, @Id)", values, transaction);
                        connection.Execute("UPDATE refresh_grants SET last_used_at = @Now WHERE id = @Id", values, transaction);
                        break;
                    case RefreshOutcome.Reused:
                        connection.Execute("UPDATE refresh_grants SET ended_at = @Now WHERE id = @Id", values, transaction);
                        break;
                }

                return (outcome, grant);
            },
            cancellation);

    /// <inheritdoc/>
    public Task<RefreshGrant?> EndAsync(string tokenHash, string clientId, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            if (Find(connection, transaction, tokenHash)?.ToGrant() is not { } grant || grant.ClientId != clientId)
                return null;
            connection.Execute("UPDATE refresh_grants SET ended_at = @now WHERE id = @id", new { id = grant.Id, now = AccessColumns.Ticks(now) }, transaction);
            return grant;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListEndedAsync(DateTimeOffset since, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<string>>(
        connection => [.. connection.Query<string>("SELECT id FROM refresh_grants WHERE ended_at >= @since", new { since = AccessColumns.Ticks(since) })], cancellation);

    // What was ended, and of whom may not act, is not there.
    private static TokenRow? Find(DbConnection connection, DbTransaction transaction, string hash) => connection.QuerySingleOrDefault<TokenRow>(
        """
        SELECT g.id AS Id, g.client_id AS ClientId, g.user_object_id AS UserObjectId, g.scope AS Scope, g.signed_in_at AS SignedInAt,
               g.last_used_at AS LastUsedAt, t.used_at AS UsedAt, t.used_from AS UsedFrom
        FROM refresh_tokens t
        JOIN refresh_grants g ON g.id = t.grant_id
        JOIN users u ON u.object_id = g.user_object_id
        WHERE t.hash = @hash AND g.ended_at IS NULL AND u.enabled = 1 AND u.sign_ins_from <= g.signed_in_at
        """,
        new { hash },
        transaction);

    private sealed class TokenRow
    {
        public string Id { get; init; } = "";

        public string ClientId { get; init; } = "";

        public string UserObjectId { get; init; } = "";

        public string Scope { get; init; } = "";

        public long SignedInAt { get; init; }

        public long LastUsedAt { get; init; }

        public long? UsedAt { get; init; }

        public string? UsedFrom { get; init; }

        internal RefreshGrant ToGrant() => new(
            Id, ClientId, Guid.Parse(UserObjectId), Scope, AccessColumns.Instant(SignedInAt), AccessColumns.Instant(LastUsedAt));
    }
}
