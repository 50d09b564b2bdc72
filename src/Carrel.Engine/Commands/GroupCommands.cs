using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>What a PUT of a resource group led to.</summary>
/// <param name="Group">The group as it is now.</param>
/// <param name="IsNew">True when it did not exist before.</param>
public sealed record GroupWriteOutcome(ResourceGroup Group, bool IsNew);

/// <summary>Creation, change and deletion of resource groups (wire 6).</summary>
public sealed class GroupCommands(IEngineStore store, OperationSignal signal, TimeProvider time)
{
    private const string WriteAction = "Microsoft.Resources/subscriptions/resourceGroups/write";

    /// <summary>Creates a group, or replaces its tags.</summary>
    /// <exception cref="RefusedException">It exists in another location, is being deleted, or the request's condition is not met.</exception>
    public Task<GroupWriteOutcome> CreateOrUpdateAsync(
        string subscriptionId, string name, string location, IReadOnlyDictionary<string, string> tags, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
            transaction =>
            {
                ResourceGroup? existing = transaction.FindResourceGroup(subscriptionId, name);
                ResourceGroup group = existing ?? new ResourceGroup(subscriptionId, name, location, tags, Now());
                context.RequireCondition(existing is null ? null : EntityTag.Of(existing), group.ResourceId);
                RequireNotDeleting(group);
                if (group.Location != location)
                    throw new RefusedException(RefusalKind.Conflict, "InvalidResourceGroupLocation", $"The resource group '{group.Name}' exists already in location '{group.Location}'.", "location");
                Save(transaction, group with { Tags = tags }, existing is null ? null : ChangeText.Of(SameTags(group.Tags, tags) ? [] : ["tags"]).Detail, context);
                return new GroupWriteOutcome(transaction.FindResourceGroup(subscriptionId, name)!, existing is null);
            },
            cancellation);

    /// <summary>Replaces a group's tags; null leaves them.</summary>
    /// <exception cref="RefusedException">It does not exist, is being deleted, or the request's condition is not met.</exception>
    public Task<ResourceGroup> UpdateAsync(
        string subscriptionId, string name, IReadOnlyDictionary<string, string>? tags, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
            transaction =>
            {
                ResourceGroup group = Require(transaction, subscriptionId, name);
                context.RequireCondition(EntityTag.Of(group), group.ResourceId);
                RequireNotDeleting(group);
                bool changes = tags is not null && !SameTags(group.Tags, tags);
                Save(transaction, group with { Tags = tags ?? group.Tags }, ChangeText.Of(changes ? ["tags"] : []).Detail, context);
                return transaction.FindResourceGroup(subscriptionId, name)!;
            },
            cancellation);

    /// <summary>Removes a group with everything in it; a deletion that is going on is the same one.</summary>
    /// <exception cref="RefusedException">It does not exist, or the request's condition is not met.</exception>
    public async Task<Operation> DeleteAsync(string subscriptionId, string name, CommandContext context, CancellationToken cancellation)
    {
        Operation operation = await store.WriteAsync(
            transaction =>
            {
                ResourceGroup group = Require(transaction, subscriptionId, name);
                context.RequireCondition(EntityTag.Of(group), group.ResourceId);
                return transaction.FindRunningOperation(group.Uid) ?? BeginDeletion(transaction, group, context);
            },
            cancellation);
        signal.Raise();
        return operation;
    }

    /// <summary>Refuses what would put something into a group that is going away.</summary>
    /// <exception cref="RefusedException">It is being deleted.</exception>
    internal static void RequireNotDeleting(ResourceGroup group)
    {
        if (group.Deleting)
            throw new RefusedException(RefusalKind.Conflict, "ResourceGroupBeingDeleted", $"The resource group '{group.Name}' is being deleted: wait until it is gone.", group.ResourceId);
    }

    // Its workspaces go at once: from here on nothing new can be put into them.
    private Operation BeginDeletion(IEngineTransaction transaction, ResourceGroup group, CommandContext context)
    {
        Instant now = Now();
        var operation = new Operation(
            Guid.NewGuid(),
            OperationKind.GroupDelete,
            OperationTrigger.User,
            group.Uid,
            group.ResourceId,
            group.SubscriptionId,
            OperationStatus.InProgress,
            Step: null,
            PreviousState: null,
            context.Caller,
            context.CorrelationId,
            now)
        {
            Origin = context.Origin,
        };
        transaction.Save(group with { Deleting = true });
        transaction.Insert(operation);
        transaction.Append(OperationEvents.Accepted(operation));
        foreach (Workspace workspace in transaction.ListWorkspaces(group.SubscriptionId, group.Name))
            WorkspaceCommands.BeginDeletion(transaction, workspace, context, now);
        return operation;
    }

    private void Save(IEngineTransaction transaction, ResourceGroup group, string? detail, CommandContext context)
    {
        transaction.Save(group);
        transaction.Append(new ActivityEvent(
            Now(), context.Caller, WriteAction, group.ResourceId, "Succeeded", nameof(OperationTrigger.User), detail, context.RequestId, context.CorrelationId)
        {
            ClientRequestId = context.ClientRequestId,
            UserAgent = context.UserAgent,
        });
    }

    private static ResourceGroup Require(IEngineView view, string subscriptionId, string name) => view.FindResourceGroup(subscriptionId, name)
        ?? throw new RefusedException(RefusalKind.NotFound, "ResourceGroupNotFound", $"Resource group '{name}' could not be found.", "resourceGroupName");

    private static bool SameTags(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        before.Count == after.Count && before.All(tag => after.GetValueOrDefault(tag.Key) == tag.Value);

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
