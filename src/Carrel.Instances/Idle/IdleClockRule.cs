using NodaTime;

namespace Carrel.Instances.Idle;

/// <summary>Moves the idle clock by one sample (contract 4.3). Pure.</summary>
internal static class IdleClockRule
{
    /// <summary>Something counted is active: whatever was running towards a stop is cleared.</summary>
    public static IdleClock Busy(IdleClock clock, IReadOnlyList<ActivitySignal> keeping, Instant now) => clock with
    {
        IdleSince = null,
        SeenAt = now,
        Silent = 0,
        Active = [.. keeping.Select(signal => signal.Key)],
        AnnouncedStop = null,
        Attempts = 0,
        LastAttempt = null,
    };

    /// <summary>Nothing counted is active: since when that is so.</summary>
    public static IdleClock Quiet(IdleClock clock, IReadOnlyList<ActivitySignal> signals, IdleSettings settings, Instant now)
    {
        var since = clock.IdleSince is { } before ? Running(before, clock, settings, now) : Ended(clock, signals, now);

        // What happened and ended between two samples has left its time stamp.
        var known = signals.Where(signal => signal.Counts).Max(signal => signal.QuietSince);
        return clock with
        {
            IdleSince = known is { } later && later > since ? later : since,
            SeenAt = now,
            Silent = 0,
            Active = [],
        };
    }

    // Time in which nobody could look, once it was more than a few samples, is taken out of the idle time.
    private static Instant Running(Instant idleSince, IdleClock clock, IdleSettings settings, Instant now) =>
        clock.Silent > settings.SilentSamples ? idleSince + (now - (clock.SeenAt ?? clock.RunningSince)) : idleSince;

    // Each signal that was active has ended: at its own time stamp when it left one, and no later than now when it did not.
    private static Instant Ended(IdleClock clock, IReadOnlyList<ActivitySignal> signals, Instant now)
    {
        var end = clock.RunningSince;
        foreach (var key in clock.Active)
        {
            var told = signals.FirstOrDefault(signal => signal.Key == key)?.QuietSince;
            end = Instant.Max(end, told is { } at && at >= (clock.SeenAt ?? Instant.MinValue) ? at : now);
        }

        // A clock from before a restart of the control plane does not know what was active.
        return Instant.Max(clock.Active.Count == 0 ? now : end, clock.PostponedTo ?? Instant.MinValue);
    }
}
