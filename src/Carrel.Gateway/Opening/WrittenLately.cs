namespace Carrel.Gateway.Opening;

/// <summary>What was written down lately, so that what repeats is written once in a window. Bounded: with too much at once the rest is left out.</summary>
/// <typeparam name="TKey">What is the same.</typeparam>
internal sealed class WrittenLately<TKey>(TimeSpan window, int most)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, DateTimeOffset> _written = [];

    /// <summary>Whether it is to be written now.</summary>
    internal bool Admit(TKey key, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_written.TryGetValue(key, out DateTimeOffset last) && now - last < window)
                return false;
            if (_written.Count >= most)
            {
                foreach (TKey old in _written.Where(pair => now - pair.Value >= window).Select(pair => pair.Key).ToArray())
                    _written.Remove(old);
            }

            if (_written.Count >= most)
                return false;
            _written[key] = now;
            return true;
        }
    }
}
