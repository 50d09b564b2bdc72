using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Machines;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Reconciliation;

/// <summary>
/// Makes what a host really has and what is asked the same again: adopts, repairs or removes. It leaves everything alone on which an operation
/// runs. The host is listed before the store is read, so that an instance accepted meanwhile is never taken for an orphan; and an instance
/// that changed while its host was asked is left to the next pass, because what the host said may be older than the change. What belongs to an instance that
/// cannot be read is nobody's orphan.
/// </summary>
internal sealed partial class Reconciler(
    IEngineStore store, IInstanceHost host, OperationSignal signal, TimeProvider time, ILogger<Reconciler> logger)
{
    private IReadOnlyList<Guid> _unreadable = [];

    /// <summary>One pass.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer; the next pass tries again.</exception>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        EveryInstance before = await store.ReadAsync(view => view.ListEveryInstance(), cancellation);
        IReadOnlyList<MachineStatus> machines = await host.ListMachinesAsync(cancellation);
        IReadOnlyList<Guid> networks = await host.ListNetworksAsync(cancellation);
        EveryInstance now = await store.ReadAsync(view => view.ListEveryInstance(), cancellation);
        IReadOnlyList<Workspace> workspaces = await store.ReadAsync(view => view.ListWorkspaces(), cancellation);

        Dictionary<Guid, MachineStatus> machineOf = machines.ToDictionary(machine => machine.Id);
        foreach (ComputeInstance instance in before.Readable)
            await ReconcileAsync(instance, machineOf.GetValueOrDefault(instance.Uid), cancellation);
        // Known before or now: one that was deleted meanwhile is no orphan.
        await RemoveOrphansAsync(machines.ExceptBy(before.Uids.Concat(now.Uids), machine => machine.Id), cancellation);
        TellOf(now.Unreadable);
        // Nobody knows which network an instance needs that cannot be read: then none is taken away.
        if (now.Unreadable.Count > 0)
            return;
        IEnumerable<Guid> needed = workspaces.Select(workspace => workspace.Uid).Concat(now.Readable.Select(instance => MachineSpecFactory.NetworkOf(instance).Id));
        foreach (Guid network in networks.Except(needed))
            await host.DeleteNetworkAsync(network, cancellation);
    }

    // Once each, as long as it stays so.
    private void TellOf(IReadOnlyList<Guid> unreadable)
    {
        foreach (Guid uid in unreadable.Except(_unreadable))
            LogUnreadable(uid);
        _unreadable = unreadable;
    }

    /// <summary>A machine ended: decides about its instance alone.</summary>
    internal async Task MachineEndedAsync(Guid machineId, CancellationToken cancellation)
    {
        if (await store.ReadAsync(view => view.FindReadableInstance(machineId), cancellation) is { } instance)
            await ReconcileAsync(instance, await host.InspectMachineAsync(machineId, cancellation), cancellation);
    }

    private async Task RemoveOrphansAsync(IEnumerable<MachineStatus> orphans, CancellationToken cancellation)
    {
        foreach (MachineStatus orphan in orphans)
        {
            LogOrphan(orphan.Id);
            await host.DeleteMachineAsync(orphan.Id, cancellation);
        }
    }

    private async Task ReconcileAsync(ComputeInstance seen, MachineStatus? machine, CancellationToken cancellation)
    {
        Guid uid = seen.Uid;
        if (ReconcileRules.Decide(seen.State.State, machine).Action == ReconcileAction.Leave)
            return;
        ReconcileDecision decision = await store.WriteAsync(transaction => DecideAndRecord(transaction, seen, machine), cancellation);
        if (decision.Action == ReconcileAction.Leave)
            return;
        signal.Raise();
        LogDecision(uid, decision.Action, decision.Reason);
    }

    // Read again inside the transaction: every operation that begins or ends counts the version up.
    private ReconcileDecision DecideAndRecord(IEngineTransaction transaction, ComputeInstance seen, MachineStatus? machine)
    {
        if (transaction.FindInstance(seen.Uid) is not { } instance || instance.Version != seen.Version || transaction.FindRunningOperation(seen.Uid) is not null)
            return new ReconcileDecision(ReconcileAction.Leave, "An operation takes care of it, or has just done so.");
        ReconcileDecision decision = ReconcileRules.Decide(instance.State.State, machine);
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        // What changes a machine is an operation: a start that somebody asks for meanwhile never meets a stop of ours.
        if (decision.Action is ReconcileAction.Recover or ReconcileAction.StopMachine or ReconcileAction.RemoveMachine)
        {
            OperationKind kind = decision.Action == ReconcileAction.Recover ? OperationKind.Recover : OperationKind.Settle;
            OperationStart.Begin(
                transaction, instance, kind, instance.State.LastOperation?.Trigger ?? OperationTrigger.User, CommandContext.OfService(), now);
        }
        else if (decision.Action == ReconcileAction.MarkUnusable)
        {
            transaction.Update(instance with
            {
                State = instance.State with
                {
                    State = InstanceState.Unusable,
                    Errors = [new InstanceError("MachineLost", decision.Reason)],
                    PrivateAddress = null,
                },
            });
            transaction.Append(new ActivityEvent(
                now, Service.Principal, "Carrel/reconcile", instance.Address.ResourceId, "Unusable", "Reconciler", decision.Reason, "", Guid.NewGuid().ToString("D"))
            {
                Level = EventLevel.Error,
            });
        }

        return decision;
    }

    [LoggerMessage(1101, LogLevel.Warning, "Instance {Uid}: {Action}: {Reason}")]
    private partial void LogDecision(Guid uid, ReconcileAction action, string reason);

    [LoggerMessage(1103, LogLevel.Error, "The stored row of instance {Uid} cannot be read: its machine is left as it is, and nothing acts on it. Restore the database from a backup")]
    private partial void LogUnreadable(Guid uid);

    [LoggerMessage(1102, LogLevel.Warning, "Machine {Id} belongs to no instance and is removed")]
    private partial void LogOrphan(Guid id);
}
