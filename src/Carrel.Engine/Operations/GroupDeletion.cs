using Carrel.Engine.Commands;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>
/// Removes a resource group with everything in it (wire 6):
/// 1. every workspace, each by a deletion of its own, which takes computes, network and share along; 2. the user-assigned identities and the
/// group itself.
/// Begun again after a crash, it finds what is left.
/// </summary>
internal sealed class GroupDeletion(IEngineStore store, IOperationJournal journal, OperationSignal signal, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    internal async Task RunAsync(Operation operation, CancellationToken cancellation)
    {
        while (!await store.WriteAsync(transaction => DeleteWorkspaces(transaction, operation), cancellation))
        {
            signal.Raise();
            await Task.Delay(LookEvery, time, cancellation);
        }

        await journal.RecordStepAsync(operation, nameof(DeleteWorkspaces), reached: null, cancellation);
        await store.WriteAsync(
            transaction =>
            {
                Instant now = Now();
                DeleteIdentities(transaction, operation, now);
                transaction.DeleteResourceGroup(operation.TargetUid);
                transaction.Update(operation with { Status = OperationStatus.Succeeded, EndedAt = now });
                transaction.Append(OperationEvents.Ended(operation, "Succeeded", null, now));
                return true;
            },
            cancellation);
    }

    // True when none is left.
    private bool DeleteWorkspaces(IEngineTransaction transaction, Operation operation)
    {
        if (transaction.FindResourceGroup(operation.TargetUid) is not { } group)
            return true;
        IReadOnlyList<Workspace> workspaces = transaction.ListWorkspaces(group.SubscriptionId, group.Name);
        foreach (Workspace workspace in workspaces)
            WorkspaceCommands.BeginDeletion(transaction, workspace, OperationStart.On(operation), Now());
        return workspaces.Count == 0;
    }

    private static void DeleteIdentities(IEngineTransaction transaction, Operation operation, Instant now)
    {
        if (transaction.FindResourceGroup(operation.TargetUid) is not { } group)
            return;
        foreach (UserAssignedIdentity identity in transaction.ListIdentities(new ListPart(group.ResourceId + "/", null, int.MaxValue)))
            IdentityCommands.Delete(transaction, identity, OperationStart.On(operation), now);
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
