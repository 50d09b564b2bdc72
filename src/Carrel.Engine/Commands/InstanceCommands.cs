using Carrel.Engine.Operations;
using Carrel.Engine.Quota;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>
/// Start, stop, restart, reimage and delete of an instance. Each decides and records in one transaction and answers with the operation; the worker
/// does the rest.
/// </summary>
public sealed class InstanceCommands(IEngineStore store, QuotaLedger quota, OperationSignal signal, TimeProvider time)
{
    /// <summary>Starts an instance; nothing happens when it runs or is about to.</summary>
    /// <exception cref="RefusedException">It does not exist, its state does not allow it, or the cores it gave back are taken.</exception>
    public Task<Operation> StartAsync(InstanceAddress address, CommandContext context, CancellationToken cancellation) =>
        BeginAsync(address, InstanceCall.Start, OperationKind.Start, context, cancellation);

    /// <summary>Stops an instance; nothing happens when it is stopped or about to be.</summary>
    /// <exception cref="RefusedException">It does not exist, or its state does not allow it.</exception>
    public Task<Operation> StopAsync(InstanceAddress address, CommandContext context, CancellationToken cancellation) =>
        BeginAsync(address, InstanceCall.Stop, OperationKind.Stop, context, cancellation);

    /// <summary>Restarts an instance.</summary>
    /// <exception cref="RefusedException">It does not exist, or its state does not allow it.</exception>
    public Task<Operation> RestartAsync(InstanceAddress address, CommandContext context, CancellationToken cancellation) =>
        BeginAsync(address, InstanceCall.Restart, OperationKind.Restart, context, cancellation);

    /// <summary>Replaces an instance's machine and private disk by fresh ones from the newest image; everything else is kept.</summary>
    /// <exception cref="RefusedException">It does not exist, or its state does not allow it.</exception>
    public Task<Operation> ReimageAsync(InstanceAddress address, CommandContext context, CancellationToken cancellation) =>
        BeginAsync(address, InstanceCall.Reimage, OperationKind.Reimage, context, cancellation);

    /// <summary>Removes an instance.</summary>
    /// <returns>The operation, or null when there is no such instance.</returns>
    /// <exception cref="RefusedException">Its state does not allow it.</exception>
    public async Task<Operation?> DeleteAsync(InstanceAddress address, CommandContext context, CancellationToken cancellation)
    {
        Operation? operation = await store.WriteAsync(
            transaction =>
            {
                if (transaction.FindInstance(address) is not { } instance)
                    return null;
                context.RequireCondition(EntityTag.Of(instance), instance.Address.ResourceId);
                return Begin(transaction, instance, InstanceCall.Delete, OperationKind.Delete, context);
            },
            cancellation);
        signal.Raise();
        return operation;
    }

    private async Task<Operation> BeginAsync(
        InstanceAddress address, InstanceCall call, OperationKind kind, CommandContext context, CancellationToken cancellation)
    {
        Operation operation = await store.WriteAsync(
            transaction => Begin(transaction, Require(transaction, address), call, kind, context), cancellation);
        signal.Raise();
        return operation;
    }

    private Operation Begin(IEngineTransaction transaction, ComputeInstance instance, InstanceCall call, OperationKind kind, CommandContext context)
    {
        LifecycleDecision decision = LifecycleRules.Decide(call, instance.State.State);
        Operation? running = transaction.FindRunningOperation(instance.Uid);
        if (decision.Outcome == LifecycleOutcome.Conflict)
            throw new RefusedException(RefusalKind.Conflict, "ComputeOperationConflict", decision.Reason, instance.Address.ResourceId);
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        if (decision.Outcome == LifecycleOutcome.NoOp)
            return running ?? OperationStart.RecordComplete(transaction, instance, kind, context, now, "There was nothing to do.");
        if (kind == OperationKind.Start)
            quota.TakeAgain(transaction, instance);
        return kind == OperationKind.Delete
            ? OperationStart.BeginDeletion(transaction, instance, context, now)
            : OperationStart.Begin(transaction, instance, kind, OperationTrigger.User, context, now);
    }

    internal static ComputeInstance Require(IEngineView view, InstanceAddress address) => view.FindInstance(address) ?? throw NotFound(address);

    internal static RefusedException NotFound(InstanceAddress address) => new(
        RefusalKind.NotFound, "ResourceNotFound", $"The compute '{address.Name}' was not found in workspace '{address.Workspace}'.", address.ResourceId);
}
