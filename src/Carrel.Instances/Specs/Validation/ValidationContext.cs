using Carrel.Instances.Sizes;
using NodaTime;

namespace Carrel.Instances.Specs;

/// <summary>What the rules need to know besides the spec.</summary>
/// <param name="Sizes">The VM sizes on offer.</param>
/// <param name="Location">The workspace's location.</param>
/// <param name="Workspace">What the workspace's network allows.</param>
/// <param name="Now">The time of the request.</param>
/// <param name="TenantId">The workspace's tenant.</param>
/// <param name="Caller">Object id of the caller; an instance assigned to the caller is an ordinary one (contract 9.1).</param>
/// <param name="SubscriptionId">Subscription of the workspace, for identities named without their id.</param>
/// <param name="ResourceGroup">Resource group of the workspace, for the same.</param>
public sealed record ValidationContext(
    VmSizeCatalogue Sizes,
    string Location,
    WorkspaceFacts Workspace,
    Instant Now,
    Guid TenantId,
    Guid Caller,
    string SubscriptionId,
    string ResourceGroup)
{
    /// <summary>Object id of the owner of the instance that is updated; null at a creation.</summary>
    public Guid? Owner { get; init; }

    /// <summary>What the one it is to be created for is when it is no person: a service principal, a group; null for a person or somebody unknown (contract 9.1).</summary>
    public string? AssigneeKind { get; init; }

    /// <summary>Location of a subnet that instances use already; null for one that nobody uses, which may lie anywhere (contract 14).</summary>
    public Func<string, string?> SubnetLocation { get; init; } = _ => null;

    /// <summary>Where ids of new schedules come from.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;
}

/// <summary>What the rules need to know of the workspace (contract 14).</summary>
/// <param name="PrivateLink">It is reached by private link.</param>
/// <param name="ManagedNetwork">It has a managed network with an isolation mode other than Disabled.</param>
/// <param name="StorageKeys">Its storage allows access by key, which creation needs.</param>
public sealed record WorkspaceFacts(bool PrivateLink = false, bool ManagedNetwork = false, bool StorageKeys = true);

/// <summary>What validation gave.</summary>
/// <param name="Model">The model, or null when there are findings.</param>
/// <param name="Findings">Everything that is wrong.</param>
/// <param name="NotApplied">Names of values that were accepted and not used, for the Warning header (contract 1.1, 1.8).</param>
public sealed record ModelDecision(ComputeInstanceModel? Model, IReadOnlyList<Finding> Findings, IReadOnlyList<string> NotApplied);
