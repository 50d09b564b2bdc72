using Carrel.Instances.Lifecycle;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Schedules.Firing;

/// <summary>What an occurrence does to an instance (contract 3.5). Pure.</summary>
public static class FiringRules
{
    /// <summary>How long after its time an occurrence may wait for the instance to come to rest.</summary>
    public static readonly Duration LongestDeferral = Duration.FromMinutes(15);

    /// <summary>The decision by the state of the instance, when the occurrence comes in time and nothing stands against it.</summary>
    public static FiringDecision ByState(ScheduleAction action, InstanceState state)
    {
        var call = action == ScheduleAction.Start ? InstanceCall.Start : InstanceCall.Stop;
        var legal = LifecycleRules.Decide(call, state);
        return (legal.Outcome, action, state) switch
        {
            (LifecycleOutcome.Allowed, _, _) => new FiringDecision(FiringOutcome.Ran, $"The instance was {state}."),
            (LifecycleOutcome.NoOp, _, _) => NoOp(state),
            // It is about to run, which is all that was wanted.
            (_, ScheduleAction.Start, InstanceState.SettingUp or InstanceState.UserSettingUp or InstanceState.Restarting) => NoOp(state),
            // A creation may end in Stopped (provisionStopped).
            (_, ScheduleAction.Start, InstanceState.Stopping or InstanceState.Creating) => Deferred(state),
            (_, ScheduleAction.Stop, InstanceState.Starting or InstanceState.Creating or InstanceState.SettingUp or InstanceState.UserSettingUp or InstanceState.Restarting)
                => Deferred(state),
            _ => new FiringDecision(FiringOutcome.Conflict, legal.Reason),
        };
    }

    /// <summary>The first decision on an occurrence.</summary>
    /// <param name="action">What it does.</param>
    /// <param name="state">State of the instance.</param>
    /// <param name="due">When it was due.</param>
    /// <param name="now">When it is looked at.</param>
    /// <param name="stopsToo">True for a Start when an enabled Stop of the same instance, not taken back, is due at the same instant.</param>
    public static FiringDecision Decide(ScheduleAction action, InstanceState state, Instant due, Instant now, bool stopsToo)
    {
        if (!MissedRule.Decide(due, now).Runs)
        {
            return new FiringDecision(
                FiringOutcome.Missed, $"It was looked at only {Whole(now - due)} later. A missed {action} is not made up; the next one counts.");
        }

        return stopsToo && action == ScheduleAction.Start
            ? new FiringDecision(FiringOutcome.Conflict, "A Stop is due at the same instant, and Stop wins.")
            : ByState(action, state);
    }

    /// <summary>The decision on an occurrence that waits for the instance to come to rest.</summary>
    /// <param name="action">What it does.</param>
    /// <param name="state">State of the instance.</param>
    /// <param name="due">When it was due.</param>
    /// <param name="now">Now.</param>
    /// <param name="newer">What has come since and takes its place, a noun such as <c>a Start of ann@contoso.com</c>; null for nothing.</param>
    public static FiringDecision DecideAgain(ScheduleAction action, InstanceState state, Instant due, Instant now, string? newer)
    {
        if (newer is not null)
        {
            return new FiringDecision(FiringOutcome.Conflict, $"It waited for the instance to come to rest, and meanwhile came {newer}.");
        }

        var decision = ByState(action, state);
        return decision.Outcome != FiringOutcome.NoOp && now - due > LongestDeferral
            ? new FiringDecision(FiringOutcome.Conflict, $"The instance did not come to rest within {LongestDeferral.TotalMinutes:0} minutes; it is {state}.")
            : decision;
    }

    /// <summary>Whether a stop at its time would end something, so that its owner is to be warned.</summary>
    public static bool IsWorthANotice(InstanceState state) =>
        ByState(ScheduleAction.Stop, state).Outcome is FiringOutcome.Ran or FiringOutcome.Deferred && state != InstanceState.Creating;

    private static FiringDecision NoOp(InstanceState state) => new(FiringOutcome.NoOp, $"There was nothing to do: the instance was {state}.");

    private static FiringDecision Deferred(InstanceState state) =>
        new(FiringOutcome.Deferred, $"The instance is {state}: it is looked at again when that is over, for {LongestDeferral.TotalMinutes:0} minutes at most.");

    private static string Whole(Duration late) => late.TotalMinutes < 120 ? $"{late.TotalMinutes:0} minutes" : $"{late.TotalHours:0} hours";
}
