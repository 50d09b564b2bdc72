using System.Globalization;
using Carrel.Engine.Idle;
using NodaTime;

/// <summary>
/// A clock of samples and idle times that runs faster than real time, so that tests need not wait for a quarter of an hour. The rule and its periods are
/// the product's.
/// </summary>
internal sealed class FastActivityClock(TimeProvider time, int rate) : ActivityClock(time)
{
    private readonly Instant _start = Instant.FromDateTimeOffset(time.GetUtcNow());
    private readonly long _begun = time.GetTimestamp();

    /// <summary>The rate that a test sets in <c>CARREL_ACTIVITY_RATE</c>, or null.</summary>
    public static int? Rate =>
        int.TryParse(Environment.GetEnvironmentVariable("CARREL_ACTIVITY_RATE"), NumberStyles.None, CultureInfo.InvariantCulture, out int rate) ? rate : null;

    public override Instant Now => _start + Duration.FromTicks(Time.GetElapsedTime(_begun).Ticks * rate);

    public override TimeSpan Wait(Duration duration) => duration.ToTimeSpan() / rate;

    // What was a second ago in the machine was as many seconds ago here as the clock runs faster.
    public override Instant Heard(DateTimeOffset at, DateTimeOffset sampledAt, Instant heardAt) => heardAt - Duration.FromTicks(Age(at, sampledAt).BclCompatibleTicks * rate);
}
