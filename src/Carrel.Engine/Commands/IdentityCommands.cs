using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>What a PUT of a user-assigned identity led to.</summary>
/// <param name="Identity">The identity as it is now.</param>
/// <param name="IsNew">True when it did not exist before.</param>
public sealed record IdentityWriteOutcome(UserAssignedIdentity Identity, bool IsNew);

/// <summary>Creation, change and deletion of user-assigned identities (contract 9.3; wire 7). All of it is complete when it answers.</summary>
public sealed class IdentityCommands(IEngineStore store, TimeProvider time)
{
    internal const string WriteAction = "Microsoft.ManagedIdentity/userAssignedIdentities/write";
    private const string DeleteAction = "Microsoft.ManagedIdentity/userAssignedIdentities/delete";

    /// <summary>Creates an identity with a principal of its own, or replaces its tags.</summary>
    /// <exception cref="RefusedException">Its group is not there or going away, it lies in another location, or the request's condition is not met.</exception>
    public Task<IdentityWriteOutcome> CreateOrUpdateAsync(
        IdentityAddress address, string location, IReadOnlyDictionary<string, string> tags, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
            transaction =>
            {
                ResourceGroup group = transaction.FindResourceGroup(address.SubscriptionId, address.ResourceGroup)
                    ?? throw new RefusedException(RefusalKind.NotFound, "ResourceGroupNotFound", $"Resource group '{address.ResourceGroup}' could not be found.", "resourceGroupName");
                GroupCommands.RequireNotDeleting(group);
                UserAssignedIdentity? existing = transaction.FindIdentity(address.ResourceId);
                context.RequireCondition(existing is null ? null : EntityTag.Of(existing), address.ResourceId);
                if (existing is not null)
                    return new IdentityWriteOutcome(Change(transaction, existing, location, tags, context), IsNew: false);
                var identity = UserAssignedIdentity.Make(address with { ResourceGroup = group.Name }, location, tags, Now());
                transaction.Insert(identity);
                transaction.Append(Happened(identity, WriteAction, null, context, Now()));
                return new IdentityWriteOutcome(identity, IsNew: true);
            },
            cancellation);

    /// <summary>Replaces an identity's tags; null leaves them.</summary>
    /// <exception cref="RefusedException">It does not exist, or the request's condition is not met.</exception>
    public Task<UserAssignedIdentity> UpdateAsync(
        IdentityAddress address, string? location, IReadOnlyDictionary<string, string>? tags, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
            transaction =>
            {
                UserAssignedIdentity identity = Require(transaction, address);
                context.RequireCondition(EntityTag.Of(identity), identity.Address.ResourceId);
                return Change(transaction, identity, location ?? identity.Location, tags ?? identity.Tags, context);
            },
            cancellation);

    /// <summary>
    /// Removes an identity with its principal. Instances that name it go on naming it, as Azure's do, and get no token for it any more; its role
    /// assignments match nothing (contract 9.3).
    /// </summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="RefusedException">The request's condition is not met.</exception>
    public Task<bool> DeleteAsync(IdentityAddress address, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
        transaction =>
        {
            if (transaction.FindIdentity(address.ResourceId) is not { } identity)
                return false;
            context.RequireCondition(EntityTag.Of(identity), identity.Address.ResourceId);
            Delete(transaction, identity, context, Now());
            return true;
        },
        cancellation);

    internal static void Delete(IEngineTransaction transaction, UserAssignedIdentity identity, CommandContext context, Instant now)
    {
        transaction.Delete(identity);
        transaction.Append(Happened(identity, DeleteAction, null, context, now));
    }

    internal static ActivityEvent Happened(UserAssignedIdentity identity, string action, string? detail, CommandContext context, Instant now) => new(
        now, context.Caller, action, identity.Address.ResourceId, "Succeeded", nameof(OperationTrigger.User), detail, context.RequestId, context.CorrelationId)
    {
        ClientRequestId = context.ClientRequestId,
        UserAgent = context.UserAgent,
    };

    private UserAssignedIdentity Change(
        IEngineTransaction transaction, UserAssignedIdentity identity, string location, IReadOnlyDictionary<string, string> tags, CommandContext context)
    {
        if (identity.Location != location)
            throw new RefusedException(RefusalKind.Conflict, "InvalidResourceLocation", $"The identity '{identity.Address.Name}' exists already in location '{identity.Location}', and a location cannot be changed.", "location");
        bool same = identity.Tags.Count == tags.Count && identity.Tags.All(tag => tags.GetValueOrDefault(tag.Key) == tag.Value);
        if (!same)
            transaction.Update(identity with { Tags = tags, ModifiedOn = Now() });
        transaction.Append(Happened(identity, WriteAction, ChangeText.Of(same ? [] : ["tags"]).Detail, context, Now()));
        return transaction.FindIdentity(identity.Address.ResourceId)!;
    }

    private static UserAssignedIdentity Require(IEngineView view, IdentityAddress address) => view.FindIdentity(address.ResourceId)
        ?? throw new RefusedException(
            RefusalKind.NotFound, "ResourceNotFound", $"The identity '{address.Name}' was not found in resource group '{address.ResourceGroup}'.", address.ResourceId);

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
