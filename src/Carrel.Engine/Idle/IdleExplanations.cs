using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Schedules;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Preview;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>Something that Carrel will do with an instance by itself, if nothing happens.</summary>
/// <param name="Action">What.</param>
/// <param name="Trigger">By which rule.</param>
/// <param name="At">When.</param>
/// <param name="ScheduleId">Of which schedule, or null.</param>
/// <param name="Schedule">That schedule in words, such as <c>Stop by cron '0 18 * * *' (UTC)</c>; null without one.</param>
public sealed record ComingAction(ScheduleAction Action, OperationTrigger Trigger, Instant At, Guid? ScheduleId, string? Schedule = null);

/// <summary>Something that Carrel has done by itself, or has not done although it was due.</summary>
/// <param name="At">When.</param>
/// <param name="Action">The resource provider operation.</param>
/// <param name="Cause"><c>Schedule</c> or <c>IdleShutdown</c>.</param>
/// <param name="Outcome">How it ended: <c>Succeeded</c>, <c>Failed</c>, <c>Skipped</c>, <c>Accepted</c> while it goes on.</param>
/// <param name="Reason">Why; or null.</param>
/// <param name="Evidence">The stored decision it goes back to; null for a schedule.</param>
public sealed record AutomaticAction(Instant At, string Action, string Cause, string Outcome, string? Reason, StoredIdleDecision? Evidence);

/// <summary>Why an instance runs or does not, what comes next, and what was done last.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Now">The time of the explanation.</param>
/// <param name="SeenAt">When the machine was last looked into; null when this server has not yet.</param>
/// <param name="Current">What the idle rule says now.</param>
/// <param name="Kept">Its clock and its keep-awake.</param>
/// <param name="Coming">What comes, soonest first.</param>
/// <param name="Last">The last thing that was done or skipped, or null.</param>
/// <param name="Decisions">The newest stored decisions.</param>
public sealed record IdleExplanation(
    ComputeInstance Instance,
    Instant Now,
    Instant? SeenAt,
    IdleDecision Current,
    IdleRecord Kept,
    IReadOnlyList<ComingAction> Coming,
    AutomaticAction? Last,
    IReadOnlyList<StoredIdleDecision> Decisions)
{
    /// <summary>The latest stop that was announced, and if it is off the table, why; or null.</summary>
    public StopNotice? Notice { get; init; }
}

/// <summary>Explains instances from what is stored and what was seen last.</summary>
public sealed class IdleExplanations(IEngineStore store, IdleBoard board, IContributorRights rights, EngineOptions options, ActivityClock clock)
{
    private const int ShownDecisions = 10;
    private const int LookedAtEvents = 50;

    private static readonly Duration LookedAhead = Duration.FromDays(31);

    /// <summary>Explains one instance.</summary>
    /// <exception cref="RefusedException">There is no such instance.</exception>
    public async Task<IdleExplanation> ExplainAsync(InstanceAddress address, CancellationToken cancellation)
    {
        // Of samples far from a stop nobody has asked what the identities may do; whoever explains has to know.
        IdleFacts known = await store.ReadAsync(view => Facts(view, address), cancellation);
        IdentityStanding identity = known.Settings.Period is null ? IdentityStanding.Sufficient : await known.IdentityAsync(rights, cancellation);
        return await store.ReadAsync(view => Explain(view, address, identity), cancellation);
    }

    private IdleFacts Facts(IEngineView view, InstanceAddress address) =>
        IdleFacts.Read(view, InstanceCommands.Require(view, address).Uid, options.Idle)
        // Deleted between the two questions.
        ?? throw InstanceCommands.NotFound(address);

    private IdleExplanation Explain(IEngineView view, InstanceAddress address, IdentityStanding identity)
    {
        IdleFacts facts = Facts(view, address);
        ComputeInstance instance = facts.Instance;
        LastLook? look = board.Find(instance.Uid);
        Instant now = clock.Now;
        IdleDecision current = Current(facts, look, identity, now);
        return new IdleExplanation(
            instance,
            now,
            look?.Input.Sample?.At ?? look?.Decision.Clock.SeenAt,
            current,
            facts.Kept,
            Coming(view, instance, current, identity, now),
            Last(view, instance),
            view.ListIdleDecisions(instance.Uid, ShownDecisions)) { Notice = view.ListNotices(instance.Uid, 1) is [var notice] ? notice : null };
    }

    // What was seen last under what is asked now: a setting changed since then shows at once.
    private static IdleDecision Current(IdleFacts facts, LastLook? look, IdentityStanding identity, Instant now)
    {
        bool isUp = facts.Instance.State.State is InstanceState.Running or InstanceState.JobRunning or InstanceState.Unknown;
        return look is { Input.Sample: null } && isUp
            ? look.Decision
            : look is null && isUp
                ? Unlooked(facts, now)
                : IdleRule.Decide(facts.Input(look?.Decision.Clock, look?.Input.Sample, identity, now));
    }

    // In the first minute after a start, of the instance or of this server.
    private static IdleDecision Unlooked(IdleFacts facts, Instant now)
    {
        IdleClock kept = facts.Kept.Clock ?? IdleClock.Started(now);
        Instant? stopAt = kept.IdleSince + facts.Settings.Period;
        return new IdleDecision(IdleDecisionKind.Unheard, "It came up just now, or this server did, and it is looked into within a minute.", kept, [], stopAt > now ? stopAt : null);
    }

    // The idle stop, and of the schedules the next start and the next stop that will change something: dismissed and snoozed ones are known there.
    private static List<ComingAction> Coming(IEngineView view, ComputeInstance instance, IdleDecision current, IdentityStanding identity, Instant now)
    {
        var coming = new List<ComingAction>();
        bool runs = instance.State.State is not (InstanceState.Stopped or InstanceState.Stopping or InstanceState.CreateFailed or InstanceState.Deleting);
        SchedulePreview preview = PreviewRules.Of(instance.Model.Schedules, runs, now, now + LookedAhead, view.ListNotices(instance.Uid, LookedAtEvents));
        foreach (PreviewOutcome outcome in (PreviewOutcome[])[PreviewOutcome.Stops, PreviewOutcome.Starts])
        {
            if (preview.Occurrences.FirstOrDefault(occurrence => occurrence.Outcome == outcome) is { } next)
                coming.Add(new ComingAction(next.Schedule.Action, OperationTrigger.Schedule, next.At, next.Schedule.Id, ScheduleWords.Of(next.Schedule)));
        }

        // Who is stopped by a schedule before is not stopped for being idle.
        if (current.StopAt is { } stop && identity == IdentityStanding.Sufficient && !coming.Exists(action => action.Action == ScheduleAction.Stop && action.At <= stop))
            coming.Add(new ComingAction(ScheduleAction.Stop, OperationTrigger.IdleShutdown, stop, null));
        return [.. coming.OrderBy(action => action.At)];
    }

    private static AutomaticAction? Last(IEngineView view, ComputeInstance instance)
    {
        string[] causes = [nameof(OperationTrigger.Schedule), nameof(OperationTrigger.IdleShutdown)];
        // Newest first: of an operation its end, and further back its acceptance, which has the reason.
        ActivityEvent[] events = [.. view.ListEventsByCause(instance.Address.ResourceId, causes, LookedAtEvents)
            .Where(happened => happened.Action.EndsWith("/start/action", StringComparison.OrdinalIgnoreCase) || happened.Action.EndsWith("/stop/action", StringComparison.OrdinalIgnoreCase))];
        if (events is not [var last, ..])
            return null;
        ActivityEvent? accepted = last.OperationId is null ? null : events.LastOrDefault(happened => happened.OperationId == last.OperationId);
        StoredIdleDecision? evidence = last.Cause != nameof(OperationTrigger.IdleShutdown)
            ? null
            : view.FindIdleDecision(instance.Uid, last.Outcome == "Skipped" ? [IdleDecisionKind.Skipped] : [IdleDecisionKind.Stop, IdleDecisionKind.GaveUp]);
        return new AutomaticAction(last.At, last.Action, last.Cause, last.Outcome, last.Outcome == "Failed" ? last.Detail : accepted?.Detail ?? last.Detail, evidence);
    }
}
