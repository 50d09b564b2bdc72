using System.Globalization;
using Carrel.Instances.Lifecycle;
using NodaTime;

namespace Carrel.Instances.Idle;

/// <summary>
/// Decides whether a running instance is idle and what follows from it (contract 4.2 to 4.5). Pure: the same input gives the same decision,
/// so a stored one can be taken again.
/// </summary>
public static class IdleRule
{
    /// <summary>Pause between two attempts of a stop that fails (contract 4.3).</summary>
    public static readonly Duration RetryEvery = Duration.FromMinutes(5);

    /// <summary>
    /// How far a deadline may move and still be the one that was announced. The times a machine tells carry the time its answer took, which is another one with each
    /// sample; whatever really happens moves it by minutes.
    /// </summary>
    public static readonly Duration SameStopWithin = Duration.FromSeconds(10);

    /// <summary>Whether a stop is the one that was announced.</summary>
    public static bool IsSameStop(Instant announced, Instant stopAt) => stopAt - announced <= SameStopWithin && announced - stopAt <= SameStopWithin;

    /// <summary>Decides.</summary>
    public static IdleDecision Decide(IdleInput input)
    {
        if (input.State is not (InstanceState.Running or InstanceState.JobRunning or InstanceState.Unknown))
        {
            return new IdleDecision(IdleDecisionKind.NotApplicable, "Only a running instance can be idle.", input.Clock, []);
        }

        IReadOnlyList<ActivitySignal> signals =
            input.Sample is { } seen ? ActivityReading.Read(seen, input.Settings.Optional, input.KeepAwakeUntil) : [];
        if (input.OperationRuns)
        {
            return new IdleDecision(IdleDecisionKind.NotApplicable, "An operation is going on for it.", input.Clock, signals);
        }

        var keeping = signals.Where(signal => signal.KeepsRunning).ToList();
        var unseen = Unseen(input, keeping.Count > 0);
        return unseen is not null ? Unheard(input, signals, unseen)
            : keeping.Count > 0 || input.State == InstanceState.JobRunning ? Active(input, signals, keeping)
            : Idle(input, signals, IdleClockRule.Quiet(input.Clock, signals, input.Settings, input.Now));
    }

    // What is seen to be active is, even in a sample that lacks something; only idleness needs the whole picture.
    private static string? Unseen(IdleInput input, bool active) => input.Sample switch
    {
        null => "Its agent did not answer.",
        _ when input.State == InstanceState.Unknown => "It has not been heard for some time, and nothing is decided until it counts as Running again.",
        { } sample => active ? null : ActivityReading.Unseen(sample, input.Settings.Optional),
    };

    private static IdleDecision Unheard(IdleInput input, IReadOnlyList<ActivitySignal> signals, string unseen)
    {
        var clock = input.Clock with { Silent = Math.Min(input.Clock.Silent + 1, input.Settings.SilentSamples + 1) };

        // The clock runs on: at its time the machine is looked into again.
        var stopAt = clock.IdleSince + input.Settings.Period;
        return clock.Silent > input.Settings.SilentSamples || input.State == InstanceState.Unknown
            ? new IdleDecision(
                IdleDecisionKind.Frozen, $"{unseen} The clock stands still; a machine that nobody can see is not stopped.", clock with { AnnouncedStop = null }, signals)
            : new IdleDecision(IdleDecisionKind.Unheard, $"{unseen} Nothing is decided until the next sample.", clock, signals, stopAt > input.Now ? stopAt : null);
    }

    private static IdleDecision Active(IdleInput input, IReadOnlyList<ActivitySignal> signals, List<ActivitySignal> keeping)
    {
        var what = keeping.Count == 0 ? "a job" : IdleText.Kinds(keeping);
        return new IdleDecision(IdleDecisionKind.Active, $"In use: {what}.", IdleClockRule.Busy(input.Clock, keeping, input.Now), signals);
    }

    private static IdleDecision Idle(IdleInput input, IReadOnlyList<ActivitySignal> signals, IdleClock clock)
    {
        var since = clock.IdleSince!.Value;
        if (input.Settings.Period is not { } period)
        {
            return new IdleDecision(
                IdleDecisionKind.Off, $"Idle since {IdleText.Time(since)}; no idle time is set, so it stays up.", clock with { AnnouncedStop = null, Attempts = 0 }, signals);
        }

        var stopAt = since + period;
        if (input.Now < stopAt)
        {
            return BeforeStop(input, signals, clock with { Attempts = 0, LastAttempt = null }, stopAt);
        }

        var decision = input.Identity == IdentityStanding.Insufficient ? Skip(clock, signals) : AtStop(input, signals, clock);
        return decision with { StopAt = decision.StopAt ?? (decision.Kind == IdleDecisionKind.Stop ? stopAt : null) };
    }

    private static IdleDecision BeforeStop(IdleInput input, IReadOnlyList<ActivitySignal> signals, IdleClock clock, Instant stopAt)
    {
        var noticeAt = stopAt - input.Settings.NoticeLead;
        var idle = clock.IsPutOff
            ? "Idle, and its stop was put off; stops"
            : string.Create(CultureInfo.InvariantCulture, $"Idle since {IdleText.Time(clock.IdleSince!.Value)}; stops after {input.Settings.PeriodMinutes} minutes,");

        // Announced even so: the right may be given in the very moment, and no stop comes without a word before.
        var unless = input.Identity == IdentityStanding.Insufficient ? $" {IdleText.LacksContributor}" : "";
        var announced = clock.AnnouncedStop is { } told && IsSameStop(told, stopAt);
        if (!announced && input.Now < noticeAt)
        {
            return new IdleDecision(IdleDecisionKind.Wait, $"{idle} at {IdleText.Time(stopAt)}.{unless}", clock with { AnnouncedStop = null }, signals, stopAt, noticeAt);
        }

        return new IdleDecision(
            announced ? IdleDecisionKind.Wait : IdleDecisionKind.Notice,
            $"{idle} at {IdleText.Time(stopAt)}; announced.{unless}",
            announced ? clock : clock with { AnnouncedStop = stopAt },
            signals,
            stopAt,
            noticeAt);
    }

    private static IdleDecision Skip(IdleClock clock, IReadOnlyList<ActivitySignal> signals) => new(
        IdleDecisionKind.Skipped,
        "Skipped: IdentityLacksContributor. It is idle long enough, but none of its managed identities is Contributor or Owner of the workspace: assign the role, or take the identity away.",
        clock with { AnnouncedStop = null },
        signals);

    private static IdleDecision AtStop(IdleInput input, IReadOnlyList<ActivitySignal> signals, IdleClock clock)
    {
        if (clock.Attempts > 0 && clock.LastAttempt is { } last)
        {
            // It runs although a stop was begun and nothing goes on: that stop failed.
            if (clock.Attempts >= IdleClock.MostAttempts)
            {
                return new IdleDecision(
                    IdleDecisionKind.GaveUp,
                    $"It could not be stopped in {IdleClock.MostAttempts} attempts; the idle time begins anew.",
                    IdleClock.Started(input.Now) with { RunningSince = clock.RunningSince, SeenAt = clock.SeenAt },
                    signals);
            }

            if (input.Now - last < RetryEvery)
            {
                return new IdleDecision(
                    IdleDecisionKind.Wait, $"The last attempt to stop it failed; the next one is at {IdleText.Time(last + RetryEvery)}.", clock, signals, last + RetryEvery);
            }
        }

        return new IdleDecision(
            IdleDecisionKind.Stop,
            clock.IsPutOff
                ? "Idle, and the time to which its stop was put off has come: nothing that counts was active."
                : string.Create(CultureInfo.InvariantCulture, $"Idle since {IdleText.Time(clock.IdleSince!.Value)}, which is {input.Settings.PeriodMinutes} minutes or more: nothing that counts was active."),
            clock with { Attempts = clock.Attempts + 1, LastAttempt = input.Now },
            signals);
    }
}
