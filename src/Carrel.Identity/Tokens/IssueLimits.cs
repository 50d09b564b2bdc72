using System.Collections.Concurrent;

namespace Carrel.Identity.Tokens;

/// <summary>How many tokens are signed anew for one instance: thirty, and three more every second. A client that uses its tokens again never comes near.</summary>
internal sealed class IssueLimits(TimeProvider time)
{
    private const double Most = 30;
    private const double EachSecond = 3;
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<Guid, (double Left, DateTimeOffset At)> _left = new();

    internal bool MayIssue(Guid instance)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_left.Count >= MostRemembered)
            _left.Clear();
        (double left, _) = _left.AddOrUpdate(instance, (Most - 1, now), (_, known) => (Filled(known, now) - 1, now));
        if (left >= 0)
            return true;
        _left.AddOrUpdate(instance, (0, now), (_, known) => (Filled(known, now) + 1, now));
        return false;
    }

    private static double Filled((double Left, DateTimeOffset At) known, DateTimeOffset now) =>
        Math.Min(Most, known.Left + Math.Max(0, (now - known.At).TotalSeconds) * EachSecond);
}
