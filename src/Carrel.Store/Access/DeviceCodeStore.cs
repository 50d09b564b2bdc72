using Carrel.Access.Authority.Device;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>Waiting devices over a relational database.</summary>
public sealed class DeviceCodeStore(IDatabase database) : IDeviceCodeStore
{
    /// <inheritdoc/>
    public Task<bool> TryAddAsync(DeviceCode code, DateTimeOffset expiredBefore, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            connection.Execute("DELETE FROM device_codes WHERE expires_at < @before", new { before = AccessColumns.Ticks(expiredBefore) }, transaction);
            return connection.Execute(
                """
                INSERT INTO device_codes (hash, user_code_hash, client_id, scope, address, user_agent, created_at, expires_at, interval)
                VALUES (@Hash, @UserCodeHash, @ClientId, @Scope, @Address, @UserAgent, @CreatedAt, @ExpiresAt, @Interval)
                ON CONFLICT DO NOTHING
                """,
                new
                {
                    code.Hash,
                    code.UserCodeHash,
                    code.ClientId,
                    code.Scope,
                    code.Address,
                    code.UserAgent,
                    CreatedAt = AccessColumns.Ticks(code.CreatedAt),
                    ExpiresAt = AccessColumns.Ticks(code.ExpiresAt),
                    Interval = (long)code.Interval.TotalSeconds,
                },
                transaction) == 1;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<DeviceCode?> FindAsync(string userCodeHash, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<DeviceCodeRow>(
            $"SELECT {DeviceCodeRow.Columns} FROM device_codes WHERE user_code_hash = @userCodeHash", new { userCodeHash })?.ToCode(),
        cancellation);

    /// <inheritdoc/>
    public Task<bool> TryAnswerAsync(string userCodeHash, DeviceAnswer answer, Guid userObjectId, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            (connection, transaction) => connection.Execute(
                "UPDATE device_codes SET answer = @answer, user_object_id = @user WHERE user_code_hash = @userCodeHash AND answer IS NULL AND expires_at > @now",
                new { userCodeHash, answer = answer.ToString(), user = AccessColumns.Text(userObjectId), now = AccessColumns.Ticks(now) },
                transaction) == 1,
            cancellation);

    /// <inheritdoc/>
    public Task<(DevicePoll Poll, DeviceCode? Code)> PollAsync(string hash, string clientId, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<(DevicePoll, DeviceCode?)>(
            (connection, transaction) =>
            {
                DeviceCode? code = connection.QuerySingleOrDefault<DeviceCodeRow>(
                    $"SELECT {DeviceCodeRow.Columns} FROM device_codes WHERE hash = @hash", new { hash }, transaction)?.ToCode();
                if (code is null)
                    return (DevicePoll.Unknown, null);
                DevicePoll poll = DevicePollRule.Decide(code, clientId, now);
                TimeSpan interval = poll == DevicePoll.SlowDown ? code.Interval + DevicePollRule.Step : code.Interval;
                if (poll is DevicePoll.Pending or DevicePoll.SlowDown)
                {
                    connection.Execute(
                        "UPDATE device_codes SET polled_at = @now, interval = @interval WHERE hash = @hash",
                        new { hash, now = AccessColumns.Ticks(now), interval = (long)interval.TotalSeconds },
                        transaction);
                }
                else if (poll is DevicePoll.Confirmed or DevicePoll.Denied)
                {
                    connection.Execute("DELETE FROM device_codes WHERE hash = @hash", new { hash }, transaction);
                }

                return (poll, code);
            },
            cancellation);

    private sealed class DeviceCodeRow
    {
        internal const string Columns =
            "hash AS Hash, user_code_hash AS UserCodeHash, client_id AS ClientId, scope AS Scope, address AS Address, user_agent AS UserAgent, "
            + "created_at AS CreatedAt, expires_at AS ExpiresAt, polled_at AS PolledAt, interval AS Interval, answer AS Answer, user_object_id AS UserObjectId";

        public string Hash { get; init; } = "";

        public string UserCodeHash { get; init; } = "";

        public string ClientId { get; init; } = "";

        public string Scope { get; init; } = "";

        public string Address { get; init; } = "";

        public string UserAgent { get; init; } = "";

        public long CreatedAt { get; init; }

        public long ExpiresAt { get; init; }

        public long? PolledAt { get; init; }

        public long Interval { get; init; }

        public string? Answer { get; init; }

        public string? UserObjectId { get; init; }

        internal DeviceCode ToCode() => new(
            Hash, UserCodeHash, ClientId, Scope, Address, UserAgent, AccessColumns.Instant(CreatedAt), AccessColumns.Instant(ExpiresAt),
            AccessColumns.Instant(PolledAt), TimeSpan.FromSeconds(Interval), Answer is null ? null : Enum.Parse<DeviceAnswer>(Answer), UserObjectId is null ? null : Guid.Parse(UserObjectId));
    }
}
