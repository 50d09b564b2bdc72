using Carrel.Engine.Machines;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>
/// Removes a workspace with everything in it (contract 1.8):
/// 1. every instance, each by a deletion of its own that takes the place of what runs on it;
/// 2. the network; 3. the file share; 4. the workspace itself.
/// </summary>
internal sealed class WorkspaceDeletion(
    IEngineStore store, IInstanceHost host, MachineSpecFactory machines, OperationSignal signal, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    internal async Task RunAsync(Operation operation, CancellationToken cancellation)
    {
        while (!await store.WriteAsync(transaction => DeleteInstances(transaction, operation), cancellation))
        {
            signal.Raise();
            await Task.Delay(LookEvery, time, cancellation);
        }

        await host.DeleteNetworkAsync(operation.TargetUid, cancellation);
        await DeleteShareAsync(machines.ShareFolder(operation.TargetUid), cancellation);
        await store.WriteAsync(
            transaction =>
            {
                Instant now = Now();
                transaction.DeleteWorkspace(operation.TargetUid);
                transaction.Update(operation with { Status = OperationStatus.Succeeded, EndedAt = now });
                transaction.Append(OperationEvents.Ended(operation, "Succeeded", null, now));
                return true;
            },
            cancellation);
    }

    // True when none is left.
    private bool DeleteInstances(IEngineTransaction transaction, Operation operation)
    {
        IReadOnlyList<ComputeInstance> instances = transaction.ListInstances(operation.TargetUid);
        foreach (ComputeInstance instance in instances.Where(instance => transaction.FindRunningOperation(instance.Uid)?.Kind != OperationKind.Delete))
            OperationStart.BeginDeletion(transaction, instance, OperationStart.On(operation), Now());
        return instances.Count == 0;
    }

    // Renamed first: a crash in the middle leaves a folder that no workspace names, and the same call finishes it.
    private static async Task DeleteShareAsync(string folder, CancellationToken cancellation)
    {
        string doomed = folder + ".deleted";
        if (Directory.Exists(folder))
            Directory.Move(folder, doomed);
        await ShareRemoval.RunAsync(doomed, cancellation);
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
