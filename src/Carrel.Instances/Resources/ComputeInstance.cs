using Carrel.Instances.Lifecycle;
using Carrel.Instances.Specs;
using Carrel.Instances.Ssh;
using NodaTime;

namespace Carrel.Instances.Resources;

/// <summary>Who created or changed a resource: ARM <c>systemData</c> speaks of it, and <c>createdBy</c> of an instance.</summary>
/// <param name="ObjectId">Object id of the principal.</param>
/// <param name="TenantId">Tenant of the principal.</param>
/// <param name="Name">Sign-in name or client id.</param>
/// <param name="Kind">Word of <c>createdByType</c>: <c>User</c>, <c>Application</c>, <c>ManagedIdentity</c>.</param>
public sealed record Principal(Guid ObjectId, Guid TenantId, string Name, string Kind);

/// <summary>Where a compute instance is addressed. The caller's spelling is kept; comparison ignores case.</summary>
/// <param name="SubscriptionId">Subscription.</param>
/// <param name="ResourceGroup">Resource group, as spelled at creation.</param>
/// <param name="Workspace">Workspace, as spelled at creation.</param>
/// <param name="Name">Name of the instance (contract 1.3).</param>
public sealed record InstanceAddress(string SubscriptionId, string ResourceGroup, string Workspace, string Name)
{
    /// <summary>The ARM resource id.</summary>
    public string ResourceId =>
        $"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/{Workspace}/computes/{Name}";
}

/// <summary>One error shown on an instance; each becomes an envelope <c>{"error":{...}}</c> (contract 1.1).</summary>
/// <param name="Code">A word for programs.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record InstanceError(string Code, string Message);

/// <summary>A compute instance: what was asked (model) and what is observed (state).</summary>
/// <param name="Uid">Unique id, never reused; also the machine's id on its host.</param>
/// <param name="WorkspaceUid">Unique id of its workspace.</param>
/// <param name="Address">Where it is addressed.</param>
/// <param name="Location">Its workspace's location (contract 1.8).</param>
/// <param name="Model">The validated wish.</param>
/// <param name="State">What is true now.</param>
/// <param name="CreatedBy">Caller of the creating PUT.</param>
/// <param name="CreatedOn">When.</param>
/// <param name="ModifiedBy">Who changed it last.</param>
/// <param name="ModifiedOn">When.</param>
/// <param name="Owner">Object id of the one person or service principal who may open it (contract 7.5).</param>
/// <param name="OwnerAlias">Name of the owner's folder on the share (contract 12.1).</param>
/// <param name="Version">Counts every stored change; the ETag is made from it.</param>
public sealed record ComputeInstance(
    Guid Uid,
    Guid WorkspaceUid,
    InstanceAddress Address,
    string Location,
    ComputeInstanceModel Model,
    ComputeInstanceState State,
    Principal CreatedBy,
    Instant CreatedOn,
    Principal ModifiedBy,
    Instant ModifiedOn,
    Guid Owner,
    string OwnerAlias,
    long Version)
{
    /// <summary>Port of this server at which it is reached by SSH, kept as long as it lives; null for an instance without SSH or without a public address (contract 13.2).</summary>
    public int? SshPort { get; init; }

    /// <summary>The port that answers show: the private one where only the private address leads to it.</summary>
    public int? ShownSshPort => !Model.SshEnabled ? null : Model.EnableNodePublicIp ? SshPort : SshPortPool.PrivatePort;
}

/// <summary>What is observed of a compute instance.</summary>
/// <param name="State">State (contract 1.4).</param>
/// <param name="Provisioning">ARM provisioning state.</param>
/// <param name="LastOperation">The last operation, or null before the first.</param>
/// <param name="Errors">Errors shown in the inner <c>errors</c>.</param>
/// <param name="ProvisioningErrors">Errors shown in the outer <c>provisioningErrors</c>.</param>
/// <param name="PrivateAddress">Address of the machine while it runs, or null.</param>
/// <param name="ImageVersion">Version of the image the machine was made from, or null.</param>
/// <param name="SystemIdentityPrincipalId">Principal id of the system-assigned identity, or null.</param>
/// <param name="UserIdentities">Ids of the user-assigned identities, by the ARM id that the model names; null for none.</param>
public sealed record ComputeInstanceState(
    InstanceState State,
    ProvisioningState Provisioning,
    LastOperation? LastOperation = null,
    IReadOnlyList<InstanceError>? Errors = null,
    IReadOnlyList<InstanceError>? ProvisioningErrors = null,
    string? PrivateAddress = null,
    string? ImageVersion = null,
    Guid? SystemIdentityPrincipalId = null,
    IReadOnlyDictionary<string, UserAssignedIdentityIds>? UserIdentities = null)
{
    /// <summary>True while the creation script is still to run, because the instance was made stopped: it runs once, at the first start (contract 3.5).</summary>
    public bool CreationScriptPending { get; init; }
}

/// <summary>Ids of a user-assigned identity.</summary>
/// <param name="PrincipalId">Object id of its principal.</param>
/// <param name="ClientId">Client id.</param>
public sealed record UserAssignedIdentityIds(Guid PrincipalId, Guid ClientId);
