namespace Carrel.Access.Tokens;

/// <summary>The keys that sign and check tokens. A new one is made every 90 days; an old one stays until the last token it signed is expired.</summary>
public sealed class SigningKeys : IDisposable
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan SigningPeriod = TimeSpan.FromDays(90);

    /// <summary>How long a key is kept after its successor was made: the longest token plus the clock skew that checks allow.</summary>
    public static readonly TimeSpan KeptAfter = TokenIssuer.LongestLifetime + TokenValidator.ClockSkew;

    private readonly SigningKeyFolder _folder;
    private readonly TimeProvider _time;
    private readonly Lock _change = new();
    // Replaced as a whole under _change (every 90 days); readers take one look and never lock.
    private volatile IReadOnlyList<SigningKey> _keys;

    /// <summary>Reads the folder; makes the first key when there is none.</summary>
    /// <exception cref="InvalidDataException">A key file cannot be read; the message says which and what to do.</exception>
    public SigningKeys(AccessOptions options, TimeProvider time)
    {
        _folder = new SigningKeyFolder(options.DataFolder);
        _time = time;
        _keys = _folder.Read();
        Refresh();
    }

    /// <summary>All keys that tokens may still be signed by, oldest first. A different list object means that the keys changed.</summary>
    public IReadOnlyList<SigningKey> Published
    {
        get
        {
            Refresh();
            return _keys;
        }
    }

    /// <summary>The key that signs now.</summary>
    public SigningKey Current => Published[^1];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SigningKey key in _keys)
            key.Dispose();
    }

    private void Refresh()
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (IsFresh(_keys, now))
            return;
        lock (_change)
        {
            if (IsFresh(_keys, now))
                return;
            List<SigningKey> keys = [.. _keys];
            if (keys.Count == 0 || now - keys[^1].CreatedAt >= SigningPeriod)
                keys.Add(_folder.Create(now));
            while (keys.Count > 1 && now - keys[1].CreatedAt >= KeptAfter)
            {
                // Not disposed: a check that began a moment ago may still hold it. The finalizer frees it.
                _folder.Delete(keys[0]);
                keys.RemoveAt(0);
            }

            _keys = keys;
        }
    }

    private static bool IsFresh(IReadOnlyList<SigningKey> keys, DateTimeOffset now) =>
        keys.Count > 0
        && now - keys[^1].CreatedAt < SigningPeriod
        && (keys.Count == 1 || now - keys[1].CreatedAt < KeptAfter);
}
