using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>The managed identities of an instance: what the model asks for becomes principals (contract 1.1, 9.3).</summary>
internal static class InstanceIdentities
{
    /// <summary>
    /// The state with the ids of what the model asks for. The system-assigned identity keeps its principal as long as it is asked for; a
    /// user-assigned one that nobody named before is made, without any role.
    /// </summary>
    internal static ComputeInstanceState Settle(IEngineTransaction transaction, ComputeInstanceModel model, ComputeInstanceState state, Instant now) => state with
    {
        SystemIdentityPrincipalId = model.Identity?.SystemAssigned == true ? state.SystemIdentityPrincipalId ?? Guid.NewGuid() : null,
        UserIdentities = model.Identity is { UserAssigned.Count: > 0 } identity
            ? identity.UserAssigned.ToDictionary(id => id, id => transaction.ClaimIdentity(id, now))
            : null,
    };
}
