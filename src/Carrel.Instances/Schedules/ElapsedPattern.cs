using NodaTime;

namespace Carrel.Instances.Schedules;

/// <summary>Recurrences by minute or hour: elapsed time from the anchor, whatever the clocks on the wall do (contract 3.4).</summary>
internal sealed class ElapsedPattern(Instant anchor, Duration interval) : IFiringPattern
{
    // Whole seconds: anchors and intervals are, and a quotient of durations would be a double, which is wrong near a multiple.
    private readonly long _anchor = anchor.ToUnixTimeSeconds();
    private readonly long _interval = (long)interval.TotalSeconds;

    /// <inheritdoc/>
    public Instant? First(Instant after, Instant until)
    {
        var steps = after < anchor ? 0 : ((after.ToUnixTimeSeconds() - _anchor) / _interval) + 1;
        var found = Instant.FromUnixTimeSeconds(_anchor + (steps * _interval));
        return found < until ? found : null;
    }
}
