using Carrel.Engine.Storage;
using Carrel.Instances.Resources;

namespace Carrel.Api.Authorization;

/// <summary>What ownership adds to roles.</summary>
/// <param name="IsOwner">Whether the principal is the instance's owner.</param>
/// <param name="Reason">A sentence.</param>
public sealed record OwnershipFinding(bool IsOwner, string Reason);

/// <summary>Calls on an instance that need its owner besides a role (contract 7.5): opening applications, the SSH key, single sign-on.</summary>
public sealed class InstanceOwnership(IEngineStore store)
{
    private static readonly string[] OwnersAlone = [Actions.ComputeApplicationAccess, Actions.ComputeEnableSso];

    /// <summary>What ownership says of an action at a scope; null when it is no matter of ownership.</summary>
    public async Task<OwnershipFinding?> FindAsync(Guid principalId, string action, string scope, CancellationToken cancellation)
    {
        string[] segments = scope.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!OwnersAlone.Contains(action, StringComparer.OrdinalIgnoreCase) || segments.Length != 10)
            return null;
        ComputeInstance? instance = await store.ReadAsync(view => view.FindInstance(new InstanceAddress(segments[1], segments[3], segments[7], segments[9])), cancellation);
        return instance is null ? null
            : instance.Owner == principalId ? new OwnershipFinding(true, "")
            : new OwnershipFinding(false, $"Roles allow it, but the instance belongs to '{instance.Owner:D}': nobody else opens its applications, whatever roles say.");
    }
}
