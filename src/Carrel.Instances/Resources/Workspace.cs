using NodaTime;

namespace Carrel.Instances.Resources;

/// <summary>Where a workspace is addressed. The caller's spelling is kept; comparison ignores case.</summary>
/// <param name="SubscriptionId">Subscription.</param>
/// <param name="ResourceGroup">Resource group.</param>
/// <param name="Name">Workspace.</param>
public sealed record WorkspaceAddress(string SubscriptionId, string ResourceGroup, string Name)
{
    /// <summary>The ARM resource id.</summary>
    public string ResourceId =>
        $"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/{Name}";
}

/// <summary>What was asked of a workspace (contract 1.8). Properties that Carrel does not interpret are kept as they came.</summary>
/// <param name="Tags">Tags.</param>
/// <param name="Kind">ARM kind, or null.</param>
/// <param name="SkuName">Name of the SKU, or null.</param>
/// <param name="SkuTier">Tier of the SKU, or null.</param>
/// <param name="IdentityType">Canonical identity type: <c>None</c>, <c>SystemAssigned</c>, <c>UserAssigned</c>, <c>SystemAssigned,UserAssigned</c>.</param>
/// <param name="Properties">JSON object of the inner properties as sent, read-only ones taken out.</param>
public sealed record WorkspaceModel(
    IReadOnlyDictionary<string, string> Tags, string? Kind, string? SkuName, string? SkuTier, string IdentityType, string Properties);

/// <summary>A workspace: computes, a file share and a network of its own.</summary>
/// <param name="Uid">Unique id, never reused; also the id of its network on a host and the name of its share's folder.</param>
/// <param name="Address">Where it is addressed.</param>
/// <param name="Location">Location label, lower case (contract 1.8).</param>
/// <param name="Model">What was asked.</param>
/// <param name="Deleting">True from the acceptance of a DELETE until it is gone.</param>
/// <param name="CreatedBy">Who created it.</param>
/// <param name="CreatedOn">When.</param>
/// <param name="ModifiedBy">Who changed it last.</param>
/// <param name="ModifiedOn">When.</param>
/// <param name="Version">Counts every stored change.</param>
public sealed record Workspace(
    Guid Uid,
    WorkspaceAddress Address,
    string Location,
    WorkspaceModel Model,
    bool Deleting,
    Principal CreatedBy,
    Instant CreatedOn,
    Principal ModifiedBy,
    Instant ModifiedOn,
    long Version);

/// <summary>A resource group: a name that workspaces lie in.</summary>
/// <param name="SubscriptionId">Subscription.</param>
/// <param name="Name">Name, as spelled at creation.</param>
/// <param name="Location">Location label.</param>
/// <param name="Tags">Tags.</param>
/// <param name="CreatedOn">When it was made.</param>
public sealed record ResourceGroup(
    string SubscriptionId, string Name, string Location, IReadOnlyDictionary<string, string> Tags, Instant CreatedOn)
{
    /// <summary>Unique id, never reused: a group made anew under an old name is another one.</summary>
    public Guid Uid { get; init; } = Guid.NewGuid();

    /// <summary>True from the acceptance of a DELETE until it is gone.</summary>
    public bool Deleting { get; init; }

    /// <summary>Counts every stored change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The ARM resource id.</summary>
    public string ResourceId => $"/subscriptions/{SubscriptionId}/resourceGroups/{Name}";
}
