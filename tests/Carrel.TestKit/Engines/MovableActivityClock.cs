using Carrel.AgentProtocol;
using Carrel.Engine.Idle;
using NodaTime;

namespace Carrel.TestKit.Engines;

/// <summary>A clock of samples and idle times that stands still until a test moves it.</summary>
public sealed class MovableActivityClock() : ActivityClock(TimeProvider.System)
{
    /// <summary>Where it begins: in the future, so that what a test announces is still to come by every other clock.</summary>
    public static readonly Instant Start = Instant.FromUtc(2037, 11, 25, 8, 0);

    private long _now = Start.ToUnixTimeTicks();

    /// <inheritdoc/>
    public override Instant Now => Instant.FromUnixTimeTicks(Interlocked.Read(ref _now));

    /// <summary>Moves it to so many minutes behind its begin.</summary>
    public void MoveTo(double minutes) => Interlocked.Exchange(ref _now, At(minutes).ToUnixTimeTicks());

    /// <summary>So many minutes behind its begin.</summary>
    public static Instant At(double minutes) => Start + Duration.FromSeconds(minutes * 60);

    /// <summary>A sample of a machine whose clock says the same.</summary>
    public MachineActivity Sample() => new(Now.ToDateTimeOffset(), true, null, [], [], 0);
}
