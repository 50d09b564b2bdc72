namespace Carrel.TestKit.Engines;

/// <summary>The system's clock, moved by as much as a test wants. It runs on at its own pace, and so do timers: what watches the clock sees a jump at its next look.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    /// <summary>Begins at an instant.</summary>
    public ShiftedTime(DateTimeOffset now) => Set(now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _shift));

    /// <summary>Jumps to an instant.</summary>
    public void Set(DateTimeOffset now) => Volatile.Write(ref _shift, (now - System.GetUtcNow()).Ticks);
}
