using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>The clock of samples and idle times: the server's. Tests give one that runs faster, so that a quarter of an hour is short.</summary>
public class ActivityClock(TimeProvider time)
{
    private static readonly Duration LongestAge = Duration.FromDays(36500);

    /// <summary>Now.</summary>
    public virtual Instant Now => Instant.FromDateTimeOffset(Time.GetUtcNow());

    /// <summary>Real time.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>How long to wait, in real time, until so much has passed.</summary>
    public virtual TimeSpan Wait(Duration duration) => duration.ToTimeSpan();

    /// <summary>
    /// The instant of something in a machine: as long ago as the machine's own clock says, so that the two clocks need not agree; never in the
    /// future.
    /// </summary>
    /// <param name="at">When it was, by the machine's clock.</param>
    /// <param name="sampledAt">The machine's clock when it said so.</param>
    /// <param name="heardAt">When that was heard.</param>
    public virtual Instant Heard(DateTimeOffset at, DateTimeOffset sampledAt, Instant heardAt) => heardAt - Age(at, sampledAt);

    /// <summary>How long ago, in the machine's time.</summary>
    protected static Duration Age(DateTimeOffset at, DateTimeOffset sampledAt) =>
        Duration.Min(LongestAge, Duration.Max(Duration.Zero, Duration.FromTimeSpan(sampledAt - at)));
}
