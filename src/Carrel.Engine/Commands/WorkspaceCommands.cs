using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>What a PUT of a workspace led to.</summary>
/// <param name="Workspace">The workspace as it is now.</param>
/// <param name="Operation">The operation clients poll; complete already.</param>
/// <param name="IsNew">True when it did not exist before.</param>
public sealed record WorkspaceWriteOutcome(Workspace Workspace, Operation Operation, bool IsNew);

/// <summary>Creation, change and deletion of workspaces (contract 1.8).</summary>
public sealed class WorkspaceCommands(IEngineStore store, OperationSignal signal, TimeProvider time)
{
    /// <summary>Creates a workspace, or replaces what was asked of it. Its location never changes.</summary>
    /// <exception cref="RefusedException">There is no such resource group, or the workspace is being deleted.</exception>
    public Task<WorkspaceWriteOutcome> CreateOrUpdateAsync(
        WorkspaceAddress address, string? location, WorkspaceModel model, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
            transaction =>
            {
                ResourceGroup group = transaction.FindResourceGroup(address.SubscriptionId, address.ResourceGroup)
                    ?? throw new RefusedException(RefusalKind.NotFound, "ResourceGroupNotFound", $"Resource group '{address.ResourceGroup}' could not be found.");
                Instant now = Now();
                Workspace? existing = transaction.FindWorkspace(address);
                context.RequireCondition(existing is null ? null : EntityTag.Of(existing), address.ResourceId);
                GroupCommands.RequireNotDeleting(group);
                RequireNotDeleting(existing);
                Workspace workspace = existing is null
                    ? new Workspace(Guid.NewGuid(), address with { ResourceGroup = group.Name }, location ?? group.Location, model, Deleting: false, context.Caller, now, context.Caller, now, Version: 1)
                    : existing with { Model = model, ModifiedBy = context.Caller, ModifiedOn = now };
                if (existing is null)
                    transaction.Insert(workspace);
                else
                    transaction.Update(workspace);
                string? detail = existing is null ? null : ChangeText.Of(Changed(existing.Model, model)).Detail;
                return new WorkspaceWriteOutcome(transaction.FindWorkspace(workspace.Uid)!, Record(transaction, workspace, context, now, detail), existing is null);
            },
            cancellation);

    /// <summary>Changes parts of what was asked of a workspace.</summary>
    /// <exception cref="RefusedException">It does not exist, or is being deleted.</exception>
    public Task<Workspace> UpdateAsync(
        WorkspaceAddress address, Func<WorkspaceModel, WorkspaceModel> change, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
            transaction =>
            {
                Workspace existing = transaction.FindWorkspace(address) ?? throw NotFound(address);
                WorkspaceModel model = change(existing.Model);
                context.RequireCondition(EntityTag.Of(existing), existing.Address.ResourceId);
                RequireNotDeleting(existing);
                Instant now = Now();
                transaction.Update(existing with { Model = model, ModifiedBy = context.Caller, ModifiedOn = now });
                Record(transaction, existing, context, now, ChangeText.Of(Changed(existing.Model, model)).Detail);
                return transaction.FindWorkspace(existing.Uid)!;
            },
            cancellation);

    /// <summary>Removes a workspace with its computes, its network and its file share.</summary>
    /// <returns>The operation, or null when there is no such workspace.</returns>
    public async Task<Operation?> DeleteAsync(WorkspaceAddress address, CommandContext context, CancellationToken cancellation)
    {
        Operation? operation = await store.WriteAsync(
            transaction =>
            {
                if (transaction.FindWorkspace(address) is not { } existing)
                    return null;
                context.RequireCondition(EntityTag.Of(existing), existing.Address.ResourceId);
                return BeginDeletion(transaction, existing, context, Now());
            },
            cancellation);
        signal.Raise();
        return operation;
    }

    /// <summary>Accepts the deletion of a workspace; one that is going on is the same one.</summary>
    internal static Operation BeginDeletion(IEngineTransaction transaction, Workspace workspace, CommandContext context, Instant now)
    {
        if (transaction.FindRunningOperation(workspace.Uid) is { } running)
            return running;
        transaction.Update(workspace with { Deleting = true });
        Operation accepted = New(workspace, OperationKind.WorkspaceDelete, context, now);
        transaction.Insert(accepted);
        transaction.Append(OperationEvents.Accepted(accepted));
        return accepted;
    }

    /// <summary>The refusal for a workspace that does not exist.</summary>
    public static RefusedException NotFound(WorkspaceAddress address) => new(
        RefusalKind.NotFound, "ResourceNotFound", $"The workspace '{address.Name}' was not found in resource group '{address.ResourceGroup}'.", address.ResourceId);

    private static void RequireNotDeleting(Workspace? workspace)
    {
        if (workspace is { Deleting: true })
            throw new RefusedException(RefusalKind.Conflict, "WorkspaceBeingDeleted", $"The workspace '{workspace.Address.Name}' is being deleted: wait until it is gone.", workspace.Address.ResourceId);
    }

    private static List<string> Changed(WorkspaceModel before, WorkspaceModel after) =>
    [
        .. new[]
        {
            (Name: "tags", Same: before.Tags.Count == after.Tags.Count && before.Tags.All(tag => after.Tags.GetValueOrDefault(tag.Key) == tag.Value)),
            (Name: "kind", Same: before.Kind == after.Kind),
            (Name: "sku", Same: (before.SkuName, before.SkuTier) == (after.SkuName, after.SkuTier)),
            (Name: "identity", Same: before.IdentityType == after.IdentityType),
        }.Where(member => !member.Same).Select(member => member.Name),
        .. ChangedMembers.Between(before.Properties, after.Properties),
    ];

    private static Operation Record(IEngineTransaction transaction, Workspace workspace, CommandContext context, Instant now, string? detail)
    {
        Operation operation = New(workspace, OperationKind.WorkspaceCreateOrUpdate, context, now) with { Status = OperationStatus.Succeeded, EndedAt = now };
        transaction.Insert(operation);
        transaction.Append(OperationEvents.Complete(operation, detail));
        return operation;
    }

    private static Operation New(Workspace workspace, OperationKind kind, CommandContext context, Instant now) => new(
        Guid.NewGuid(),
        kind,
        OperationTrigger.User,
        workspace.Uid,
        workspace.Address.ResourceId,
        workspace.Address.SubscriptionId,
        OperationStatus.InProgress,
        Step: null,
        PreviousState: null,
        context.Caller,
        context.CorrelationId,
        now)
    {
        Origin = context.Origin,
    };

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
