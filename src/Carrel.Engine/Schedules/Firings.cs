using Carrel.Engine.Commands;
using Carrel.Engine.Notices;
using Carrel.Engine.Operations;
using Carrel.Engine.Quota;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>
/// Decides on one occurrence and carries the decision out, in one transaction: notice, operation, state, event, and last the claim. The claim is the store's,
/// so an occurrence has one outcome however many servers look, and a server that dies leaves either all of it or nothing.
/// </summary>
internal sealed class Firings(QuotaLedger quota)
{
    /// <summary>Decides on an occurrence that has come.</summary>
    /// <param name="transaction">The caller's transaction.</param>
    /// <param name="firing">The occurrence.</param>
    /// <param name="now">When it is looked at.</param>
    /// <returns>What became of it; null when it is none any more, was put off, or was decided already.</returns>
    /// <exception cref="FiringTakenException">Another server decided on it at the same moment: everything must be undone.</exception>
    internal ScheduleFiring? Fire(IEngineTransaction transaction, DueFiring firing, Instant now)
    {
        if (FiringContext.Find(transaction, firing.Key, firing.Due) is not { } context
            || transaction.FindFiring(firing.Key.InstanceId, firing.Key.ScheduleId, firing.Due) is not null)
            return null;
        StopNotice? notice = NoticeOf(transaction, context.Instance.Uid, context.Schedule.Id, firing.Due);
        if (notice is { IsOpen: true } && notice.FireAt > now)
            return null;
        FiringDecision decision = Decide(transaction, context, notice, now);
        Close(transaction, notice, decision);
        ScheduleFiring done = CarryOut(
            transaction,
            context,
            notice,
            new ScheduleFiring(context.Instance.Uid, context.Schedule.Id, context.Due, context.Schedule.Action, decision.Outcome, decision.Reason, now),
            now);
        if (!transaction.Claim(done))
            throw new FiringTakenException();
        return done;
    }

    /// <summary>Decides again on an occurrence that waited for its instance to come to rest.</summary>
    /// <returns>What became of it; null when it waits on.</returns>
    /// <exception cref="FiringTakenException">Another server decided on it at the same moment: everything must be undone.</exception>
    internal ScheduleFiring? FireDeferred(IEngineTransaction transaction, ScheduleFiring waiting, Instant now)
    {
        FiringContext? context = FiringContext.Find(transaction, new ScheduleKey(waiting.InstanceUid, waiting.ScheduleId), waiting.Due);
        FiringDecision decision = DecideAgain(transaction, context, waiting, now);
        if (decision.Outcome == FiringOutcome.Deferred || transaction.FindFiring(waiting.InstanceUid, waiting.ScheduleId, waiting.Due)?.Outcome != FiringOutcome.Deferred)
            return null;
        StopNotice? notice = NoticeOf(transaction, waiting.InstanceUid, waiting.ScheduleId, waiting.Due);
        Close(transaction, notice, decision);
        ScheduleFiring settled = waiting with { Outcome = decision.Outcome, Reason = decision.Reason, DecidedAt = now };
        ScheduleFiring done = context is null ? settled : CarryOut(transaction, context, notice, settled, now);
        if (!transaction.Settle(done))
            throw new FiringTakenException();
        return done;
    }

    /// <summary>Whether an occurrence that waits has something to do now; a look that changes nothing.</summary>
    internal static bool EndsWaiting(IEngineView view, ScheduleFiring waiting, Instant now) => DecideAgain(
        view, FiringContext.Find(view, new ScheduleKey(waiting.InstanceUid, waiting.ScheduleId), waiting.Due), waiting, now).Outcome != FiringOutcome.Deferred;

    private static FiringDecision Decide(IEngineTransaction transaction, FiringContext context, StopNotice? notice, Instant now) =>
        notice is { State: NoticeState.Dismissed }
            ? new FiringDecision(FiringOutcome.Dismissed, notice.Ending ?? "It was dismissed.")
            // What was put off is due at its new time.
            : FiringRules.Decide(
                context.Schedule.Action,
                context.Instance.State.State,
                notice?.FireAt ?? context.Due,
                now,
                stopsToo: context.Schedule.Action == ScheduleAction.Start && context.StopsToo(transaction));

    private static FiringDecision DecideAgain(IEngineView view, FiringContext? context, ScheduleFiring waiting, Instant now) => context is null
        ? new FiringDecision(FiringOutcome.Conflict, "It waited for the instance to come to rest, and meanwhile its schedule was changed.")
        : FiringRules.DecideAgain(waiting.Action, context.Instance.State.State, waiting.Due, now, Newer(view, waiting));

    private static string? Newer(IEngineView view, ScheduleFiring waiting)
    {
        if (view.FindUserOperationAfter(waiting.InstanceUid, waiting.DecidedAt) is { } operation)
            return $"a {operation.Kind} of {operation.StartedBy.Name}";
        ScheduleFiring? newer = view.ListFirings(waiting.InstanceUid, 4)
            .FirstOrDefault(firing => firing.Due > waiting.Due && firing.Outcome is not (FiringOutcome.Missed or FiringOutcome.Dismissed));
        return newer is null ? null : $"the {newer.Action} that was due at {NoticeText.At(newer.Due)}";
    }

    private ScheduleFiring CarryOut(IEngineTransaction transaction, FiringContext context, StopNotice? notice, ScheduleFiring firing, Instant now)
    {
        if (firing.Outcome != FiringOutcome.Ran)
        {
            transaction.Append(FiringEvents.NotRun(context, firing, now));
            return firing;
        }

        OperationKind kind = firing.Action == ScheduleAction.Start ? OperationKind.Start : OperationKind.Stop;
        try
        {
            if (kind == OperationKind.Start)
                quota.TakeAgain(transaction, context.Instance);
        }
        catch (RefusedException refusal)
        {
            return Refused(transaction, context, firing, refusal.Findings[0], now);
        }

        // The service acts: neither the owner's roles nor policies are asked (contract 3.5).
        Operation operation = OperationStart.Begin(
            transaction, context.Instance, kind, OperationTrigger.Schedule, CommandContext.OfService(), now, reason: FiringEvents.Sentence(context, notice));
        return firing with { OperationId = operation.Id };
    }

    // The cores it gave back are taken: the instance shows it, as after any start that failed.
    private static ScheduleFiring Refused(IEngineTransaction transaction, FiringContext context, ScheduleFiring firing, Finding finding, Instant now)
    {
        // The attempt to take the cores has given back what was held: nothing, since it is stopped.
        ScheduleFiring failed = firing with { Outcome = FiringOutcome.Failed, Reason = finding.Message };
        transaction.Update(context.Instance with
        {
            State = context.Instance.State with
            {
                LastOperation = new LastOperation(OperationName.Start, LastOperationOutcome.Failed, OperationTrigger.Schedule, now),
                Errors = [new InstanceError(finding.Code, finding.Message)],
            },
        });
        transaction.Append(FiringEvents.NotRun(context, failed, now));
        return failed;
    }

    private static StopNotice? NoticeOf(IEngineView view, Guid instanceUid, Guid scheduleId, Instant due) =>
        view.FindNotice(instanceUid, NoticeKind.ScheduledShutdownPending, scheduleId, due);

    // Before the stop begins, which ends what is open of other stops. A stop that is to run does run: only a start can be refused for lack of quota.
    private static void Close(IEngineTransaction transaction, StopNotice? notice, FiringDecision decision)
    {
        if (notice is not null && decision.Outcome != FiringOutcome.Deferred)
            StopNotices.Close(transaction, notice, decision.Outcome == FiringOutcome.Ran ? "The instance was stopped." : decision.Reason);
    }
}

/// <summary>Two servers decided on one occurrence at the same moment; the store kept the other's decision.</summary>
internal sealed class FiringTakenException() : Exception("The occurrence was decided by another server.");
