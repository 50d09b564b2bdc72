using System.Collections.Concurrent;

namespace Carrel.Access.Tokens;

/// <summary>
/// Codes that were used twice: tokens that came from them are refused. Kept in memory for as long as such a token could live; the store
/// holds the same and fills this at start.
/// </summary>
public sealed class RevokedGrants(TimeProvider time)
{
    // Written on a replay (an attack or a broken client), read on every request of a token that came from a code.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <summary>Refuses tokens of this code from now on.</summary>
    public void Add(string grantId)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string id, DateTimeOffset until) in _until)
        {
            if (until <= now)
                _until.TryRemove(id, out _);
        }

        _until[grantId] = now + SigningKeys.KeptAfter;
    }

    /// <summary>Whether tokens of this code are refused.</summary>
    public bool Contains(string? grantId) => grantId is not null && _until.ContainsKey(grantId);
}
