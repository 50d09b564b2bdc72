using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using Carrel.Instances.Specs.Validation;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>The managed identities of an instance: what the model asks for becomes principals (contract 1.1, 9.3).</summary>
internal static class InstanceIdentities
{
    /// <summary>
    /// Which identities that a body names are not there and may be made on the spot. Asked before the transaction, because the answer needs
    /// roles; one that goes away in between is refused like one that may not be made.
    /// </summary>
    internal static async Task<IReadOnlySet<string>> MayMakeAsync(
        IEngineStore store, IdentitySpec? asked, InstanceAddress address, CommandContext context, CancellationToken cancellation)
    {
        var allowed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (context.MayMakeIdentity is not { } mayMake)
            return allowed;
        string[] ids = [.. (asked?.UserAssigned ?? []).Select(id => IdentityValidator.FullId(id, address.SubscriptionId, address.ResourceGroup)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        string[] absent = ids.Length == 0 ? [] : await store.ReadAsync(view => ids.Where(id => view.FindIdentity(id) is null).ToArray(), cancellation);
        foreach (string id in absent)
        {
            if (await mayMake(id))
                allowed.Add(id);
        }

        return allowed;
    }

    /// <summary>
    /// The state with the ids of what the model asks for. What is assigned keeps its ids, as long as it is asked for: one that was deleted and
    /// made anew under the same name is another identity, and has to be assigned anew.
    /// </summary>
    /// <param name="transaction">The transaction of the change.</param>
    /// <param name="instance">The instance with its state so far.</param>
    /// <param name="model">What is asked.</param>
    /// <param name="mayMake">Absent user-assigned identities that may be made, without any role.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="now">The present.</param>
    /// <returns>The state, and the ids of the identities that were made.</returns>
    /// <exception cref="RefusedException">400 <c>InvalidIdentityId</c>: one is not there and may not be made; 403 <c>LinkedAuthorizationFailed</c>: one may not be assigned.</exception>
    internal static (ComputeInstanceState State, IReadOnlyList<string> Made) Settle(
        IEngineTransaction transaction, ComputeInstance instance, ComputeInstanceModel model, IReadOnlySet<string> mayMake, CommandContext context, Instant now)
    {
        var made = new List<string>();
        var ids = new Dictionary<string, UserAssignedIdentityIds>(StringComparer.Ordinal);
        foreach (string id in model.Identity?.UserAssigned ?? [])
        {
            ids[id] = Known(instance.State, id) ?? transaction.FindIdentity(id)?.Ids ?? Make(transaction, id, instance.Location, mayMake, context, now);
            if (Known(instance.State, id) is null)
                context.Linked?.Require(id);
            if (Known(instance.State, id) is null && mayMake.Contains(id))
                made.Add(id);
        }

        return (instance.State with
        {
            SystemIdentityPrincipalId = SettleOwn(transaction, instance, model.Identity?.SystemAssigned == true, now),
            UserIdentities = ids.Count > 0 ? ids : null,
        }, made);
    }

    private static Guid? SettleOwn(IEngineTransaction transaction, ComputeInstance instance, bool asked, Instant now)
    {
        Guid? present = instance.State.SystemIdentityPrincipalId;
        if (asked == present is not null)
            return present;
        if (!asked)
        {
            transaction.DeleteSystemIdentity(instance.Uid);
            return null;
        }

        var principal = Guid.NewGuid();
        transaction.InsertSystemIdentity(instance.Uid, principal, $"/{instance.Address.Workspace}/computes/{instance.Address.Name}", now);
        return principal;
    }

    private static UserAssignedIdentityIds? Known(ComputeInstanceState state, string id) =>
        state.UserIdentities?.FirstOrDefault(known => known.Key.Equals(id, StringComparison.OrdinalIgnoreCase)).Value;

    private static UserAssignedIdentityIds Make(
        IEngineTransaction transaction, string id, string location, IReadOnlySet<string> mayMake, CommandContext context, Instant now)
    {
        IdentityAddress address = IdentityAddress.Parse(id)!;
        if (transaction.FindResourceGroup(address.SubscriptionId, address.ResourceGroup) is not { Deleting: false })
            throw Refused($"The identity '{id}' does not exist, and neither does its resource group: create the group, or name an identity that is there.");
        if (!mayMake.Contains(id))
            throw Refused($"The identity '{id}' does not exist. Create it, or let somebody assign it who has '{IdentityCommands.WriteAction}' there: then it is made on the spot.");
        var identity = UserAssignedIdentity.Make(address, location, new Dictionary<string, string>(), now);
        transaction.Insert(identity);
        transaction.Append(IdentityCommands.Happened(identity, IdentityCommands.WriteAction, "Made for the instance that names it, without roles.", context, now));
        return identity.Ids;
    }

    private static RefusedException Refused(string message) => new(RefusalKind.Invalid, FindingCodes.InvalidIdentityId, message, "identity.userAssignedIdentities");
}
