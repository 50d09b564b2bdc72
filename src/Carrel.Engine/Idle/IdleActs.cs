using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>Records a decision and does what it says, in one transaction: it is taken again there, so nothing can have come in between.</summary>
internal sealed class IdleActs(IdleOptions options, IdleNotices notices)
{
    private const string StopAction = "Microsoft.MachineLearningServices/workspaces/computes/stop/action";

    /// <summary>Records and acts.</summary>
    /// <returns>The decision as it was taken here; null when the instance is gone.</returns>
    internal LastLook? Apply(IEngineTransaction transaction, Guid instanceUid, Func<IdleFacts, IdleInput> inputOf)
    {
        if (IdleFacts.Read(transaction, instanceUid, options) is not { } facts)
            return null;
        IdleInput input = inputOf(facts);
        IdleDecision decision = IdleRule.Decide(input);
        if (decision.Kind == IdleDecisionKind.NotApplicable)
            return new LastLook(input, decision);
        transaction.SaveIdle(instanceUid, facts.Kept with { Clock = decision.Clock });
        IdleDecision? before = transaction.ListIdleDecisions(instanceUid, 1) is [var last] ? last.Decision : null;
        if (decision.Acts || before?.Signature != decision.Signature)
            transaction.AppendIdleDecision(instanceUid, input, decision, options.KeepDecisions);
        notices.Follow(transaction, facts.Instance, input, decision);
        Act(transaction, facts.Instance, decision, input.Now, isNew: before?.Kind != decision.Kind);
        return new LastLook(input, decision);
    }

    private static void Act(IEngineTransaction transaction, ComputeInstance instance, IdleDecision decision, Instant now, bool isNew)
    {
        switch (decision.Kind)
        {
            case IdleDecisionKind.Stop:
                OperationStart.Begin(
                    transaction, instance, OperationKind.Stop, OperationTrigger.IdleShutdown, CommandContext.OfService(), now, reason: decision.Reason);
                break;
            case IdleDecisionKind.GaveUp:
                var error = new InstanceError("IdleShutdownFailed", $"{decision.Reason} The activity log shows each attempt; stop it yourself, or restart it.");
                transaction.Update(instance with { State = instance.State with { Errors = [.. instance.State.Errors ?? [], error] } });
                transaction.Append(Happened(instance, "Failed", decision.Reason, EventLevel.Error, now));
                break;
            case IdleDecisionKind.Skipped when isNew:
                transaction.Append(Happened(instance, "Skipped", decision.Reason, EventLevel.Warning, now));
                break;
            default:
                break;
        }
    }

    private static ActivityEvent Happened(ComputeInstance instance, string outcome, string reason, EventLevel level, Instant now) => new(
        now,
        Service.Principal,
        StopAction,
        instance.Address.ResourceId,
        outcome,
        nameof(OperationTrigger.IdleShutdown),
        reason,
        "",
        Guid.NewGuid().ToString("D")) { Level = level };
}
