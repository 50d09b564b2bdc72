using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>Accepts an operation on an instance: operation row, state and event in the caller's transaction.</summary>
internal static class OperationStart
{
    /// <summary>
    /// Accepts it. The caller has decided that it is legal and that no other one runs, but for one that nobody asked for. The reason is a sentence about why
    /// Carrel does this by itself; the event says it.
    /// </summary>
    internal static Operation Begin(
        IEngineTransaction transaction,
        ComputeInstance instance,
        OperationKind kind,
        OperationTrigger trigger,
        CommandContext context,
        Instant now,
        IReadOnlyList<string>? notApplied = null,
        string? capped = null,
        string? reason = null)
    {
        if (transaction.FindRunningOperation(instance.Uid) is { Kind: OperationKind.Settle } settling)
            Cancel(transaction, settling, "Somebody asked for another state.", now);
        Operation operation = New(instance, kind, trigger, context, now);
        transaction.Insert(operation);
        ComputeInstanceState begun = OperationOutcomes.Begun(instance.State, kind, trigger, now);
        transaction.Update(instance with { State = begun });
        StopNotices.CloseIfOff(transaction, instance.Uid, begun.State, Ending(kind, trigger, context));
        (string? detail, EventLevel level) = ChangeText.OfCreation(notApplied ?? [], capped);
        transaction.Append(OperationEvents.Accepted(operation, detail ?? reason, level));
        return operation;
    }

    /// <summary>Accepts a deletion, which takes the place of whatever runs (contract 1.4: every state but Deleting).</summary>
    internal static Operation BeginDeletion(IEngineTransaction transaction, ComputeInstance instance, CommandContext context, Instant now)
    {
        ComputeInstance target = instance;
        if (transaction.FindRunningOperation(instance.Uid) is { } running)
        {
            Cancel(transaction, running, "The instance is being deleted.", now);
            target = instance with { State = instance.State with { State = SettledState(running) } };
        }

        return Begin(transaction, target, OperationKind.Delete, OperationTrigger.User, context, now);
    }

    // Whoever runs it lets go, and what takes its place waits for that.
    private static void Cancel(IEngineTransaction transaction, Operation running, string reason, Instant now)
    {
        transaction.Update(running with { Status = OperationStatus.Canceled, EndedAt = now });
        transaction.Append(OperationEvents.Ended(running, "Canceled", reason, now));
    }

    // Where a deletion that fails goes back to: the canceled operation will not finish what it began.
    private static InstanceState SettledState(Operation canceled) =>
        canceled.Kind is OperationKind.Create or OperationKind.CreateStopped ? InstanceState.CreateFailed : canceled.PreviousState ?? InstanceState.Unknown;

    /// <summary>Records an operation that is complete at once: a change of settings, or a call that had nothing to do.</summary>
    internal static Operation RecordComplete(
        IEngineTransaction transaction,
        ComputeInstance instance,
        OperationKind kind,
        CommandContext context,
        Instant now,
        string? detail = null,
        EventLevel level = EventLevel.Informational)
    {
        Operation operation = New(instance, kind, OperationTrigger.User, context, now) with
        {
            Status = OperationStatus.Succeeded,
            EndedAt = now,
        };
        transaction.Insert(operation);
        transaction.Append(OperationEvents.Complete(operation, detail, level));
        return operation;
    }

    /// <summary>The context of what an operation does in its starter's name.</summary>
    internal static CommandContext On(Operation operation) => new(operation.StartedBy, operation.Origin.RequestId, operation.CorrelationId)
    {
        ClientRequestId = operation.Origin.ClientRequestId,
        UserAgent = operation.Origin.UserAgent,
    };

    // What is left of announced stops when this one has come first.
    private static string Ending(OperationKind kind, OperationTrigger trigger, CommandContext context) => trigger switch
    {
        OperationTrigger.Schedule => "A schedule stopped the instance before.",
        OperationTrigger.IdleShutdown => "The instance was stopped before for being idle.",
        _ => $"The instance was {(kind == OperationKind.Delete ? "deleted" : "stopped")} by {context.Caller.Name} before.",
    };

    private static Operation New(ComputeInstance instance, OperationKind kind, OperationTrigger trigger, CommandContext context, Instant now) => new(
        Guid.NewGuid(),
        kind,
        trigger,
        instance.Uid,
        instance.Address.ResourceId,
        instance.Address.SubscriptionId,
        OperationStatus.InProgress,
        Step: null,
        PreviousState: instance.State.State,
        context.Caller,
        context.CorrelationId,
        now)
    {
        Origin = context.Origin,
    };
}
