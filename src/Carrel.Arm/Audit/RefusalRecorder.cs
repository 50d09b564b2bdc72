using Carrel.Arm.Identity;

namespace Carrel.Arm.Audit;

/// <summary>
/// Writes refusals into the audit trail, bounded (contract 14, statement 9): a refused read of the same thing once an hour, and of one principal
/// so many rows an hour at most, the last of which says so. What is not written stands in the server's log.
/// </summary>
public sealed class RefusalRecorder(IAuditTrail trail, TimeProvider time)
{
    /// <summary>Rows that one principal can cause within <see cref="Window"/>.</summary>
    public const int MostRows = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Account> _accounts = [];

    /// <summary>How long is counted.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromHours(1);

    /// <summary>Writes one refusal, or leaves it out.</summary>
    /// <param name="refused">What was refused.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="once">Whether the same again within <see cref="Window"/> is left out, as it always is for reads.</param>
    public Task RecordAsync(AuditRecord refused, CancellationToken cancellation, bool once = false)
    {
        string? detail = Admit(refused, once || IsRead(refused.Action), time.GetUtcNow());
        return detail is null ? Task.CompletedTask : trail.WriteAsync(refused with { Detail = detail }, cancellation);
    }

    // The detail of the row to write, or null for none.
    private string? Admit(AuditRecord refused, bool once, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(refused.Who.ObjectId, out Account? account) || now - account.Since >= Window)
            {
                Forget(now);
                _accounts[refused.Who.ObjectId] = account = new Account(now);
            }

            if (account.Rows >= MostRows || (once && !account.Seen.Add($"{refused.Action} {refused.Target}".ToLowerInvariant())))
                return null;
            account.Rows++;
            return account.Rows < MostRows ? refused.Detail ?? "" : $"{refused.Detail} Further refusals of this principal stand in the server's log only, for up to an hour.";
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (Guid old in _accounts.Where(account => now - account.Value.Since >= Window).Select(account => account.Key).ToArray())
            _accounts.Remove(old);
    }

    private static bool IsRead(string action) => action.EndsWith("/read", StringComparison.OrdinalIgnoreCase);

    private sealed class Account(DateTimeOffset since)
    {
        internal DateTimeOffset Since { get; } = since;

        internal int Rows { get; set; }

        internal HashSet<string> Seen { get; } = [];
    }
}
