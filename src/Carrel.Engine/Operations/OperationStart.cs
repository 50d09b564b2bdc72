using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>Accepts an operation on an instance: operation row, state and event in the caller's transaction.</summary>
internal static class OperationStart
{
    /// <summary>Accepts it. The caller has decided that it is legal and that no other one runs, but for one that nobody asked for.</summary>
    internal static Operation Begin(
        IEngineTransaction transaction,
        ComputeInstance instance,
        OperationKind kind,
        OperationTrigger trigger,
        Principal startedBy,
        string requestId,
        string correlationId,
        Instant now)
    {
        if (transaction.FindRunningOperation(instance.Uid) is { Kind: OperationKind.Settle } settling)
            Cancel(transaction, settling, "Somebody asked for another state.", now);
        Operation operation = New(instance, kind, trigger, startedBy, correlationId, now);
        transaction.Insert(operation);
        transaction.Update(instance with { State = OperationOutcomes.Begun(instance.State, kind, trigger, now) });
        transaction.Append(OperationEvents.Accepted(operation, requestId));
        return operation;
    }

    /// <summary>Accepts a deletion, which takes the place of whatever runs (contract 1.4: every state but Deleting).</summary>
    internal static Operation BeginDeletion(
        IEngineTransaction transaction, ComputeInstance instance, Principal startedBy, string requestId, string correlationId, Instant now)
    {
        ComputeInstance target = instance;
        if (transaction.FindRunningOperation(instance.Uid) is { } running)
        {
            Cancel(transaction, running, "The instance is being deleted.", now);
            target = instance with { State = instance.State with { State = SettledState(running) } };
        }

        return Begin(transaction, target, OperationKind.Delete, OperationTrigger.User, startedBy, requestId, correlationId, now);
    }

    // Whoever runs it lets go, and what takes its place waits for that.
    private static void Cancel(IEngineTransaction transaction, Operation running, string reason, Instant now)
    {
        transaction.Update(running with { Status = OperationStatus.Canceled, EndedAt = now });
        transaction.Append(OperationEvents.Ended(running, "Canceled", reason, now));
    }

    // Where a deletion that fails goes back to: the canceled operation will not finish what it began.
    private static InstanceState SettledState(Operation canceled) =>
        canceled.Kind == OperationKind.Create ? InstanceState.CreateFailed : canceled.PreviousState ?? InstanceState.Unknown;

    /// <summary>Records an operation that is complete at once: a change of settings, or a call that had nothing to do.</summary>
    internal static Operation RecordComplete(
        IEngineTransaction transaction,
        ComputeInstance instance,
        OperationKind kind,
        Principal startedBy,
        string requestId,
        string correlationId,
        Instant now,
        string? detail = null)
    {
        Operation operation = New(instance, kind, OperationTrigger.User, startedBy, correlationId, now) with
        {
            Status = OperationStatus.Succeeded,
            EndedAt = now,
        };
        transaction.Insert(operation);
        transaction.Append(OperationEvents.Accepted(operation, requestId) with { Outcome = "Succeeded", Detail = detail });
        return operation;
    }

    private static Operation New(
        ComputeInstance instance, OperationKind kind, OperationTrigger trigger, Principal startedBy, string correlationId, Instant now) => new(
            Guid.NewGuid(),
            kind,
            trigger,
            instance.Uid,
            instance.Address.ResourceId,
            instance.Address.SubscriptionId,
            OperationStatus.InProgress,
            Step: null,
            PreviousState: instance.State.State,
            startedBy,
            correlationId,
            now);
}
