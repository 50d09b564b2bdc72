using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Storage;

/// <summary>
/// What can be read. Addresses compare ignoring case. An instance whose row cannot be read (a damaged database) is in no list, so that it harms no
/// other; looked up by itself it is an <see cref="UnreadableInstanceException"/>.
/// </summary>
public interface IEngineView : IScheduleView, INoticeView, IIdleView, ISecureShellView
{
    /// <summary>The resource group, or null.</summary>
    ResourceGroup? FindResourceGroup(string subscriptionId, string name);

    /// <summary>The resource group of a unique id, or null.</summary>
    ResourceGroup? FindResourceGroup(Guid uid);

    /// <summary>Part of the resource groups of a subscription.</summary>
    IReadOnlyList<ResourceGroup> ListResourceGroups(ListPart part);

    /// <summary>The workspace at an address, or null.</summary>
    Workspace? FindWorkspace(WorkspaceAddress address);

    /// <summary>The workspace of a unique id, or null.</summary>
    Workspace? FindWorkspace(Guid uid);

    /// <summary>Workspaces of a subscription, or of one of its groups, by name.</summary>
    IReadOnlyList<Workspace> ListWorkspaces(string subscriptionId, string? resourceGroup = null);

    /// <summary>Part of the workspaces of a subscription or group.</summary>
    IReadOnlyList<Workspace> ListWorkspaces(ListPart part);

    /// <summary>Every workspace there is.</summary>
    IReadOnlyList<Workspace> ListWorkspaces();

    /// <summary>The instance at an address, or null.</summary>
    ComputeInstance? FindInstance(InstanceAddress address);

    /// <summary>The instance of a unique id, or null.</summary>
    ComputeInstance? FindInstance(Guid uid);

    /// <summary>The instance of that name in that location, over all workspaces, or null.</summary>
    ComputeInstance? FindInstance(string location, string name);

    /// <summary>All instances of a workspace, by name.</summary>
    /// <exception cref="UnreadableInstanceException">One cannot be read: whoever asks means all of them.</exception>
    IReadOnlyList<ComputeInstance> ListInstances(Guid workspaceUid);

    /// <summary>Part of the instances of a subscription, group or workspace.</summary>
    IReadOnlyList<ComputeInstance> ListInstances(ListPart part);

    /// <summary>Every instance that can be read.</summary>
    IReadOnlyList<ComputeInstance> ListInstances();

    /// <summary>Every instance there is, of one moment.</summary>
    EveryInstance ListEveryInstance();

    /// <summary>Instances that belong to a principal.</summary>
    IReadOnlyList<ComputeInstance> ListInstancesOfOwner(Guid owner);

    /// <summary>Instances that name a subnet, whatever the case of its id.</summary>
    IReadOnlyList<ComputeInstance> ListInstancesInSubnet(string subnetId);

    /// <summary>The user-assigned identity of an ARM id, or null.</summary>
    UserAssignedIdentity? FindIdentity(string resourceId);

    /// <summary>Part of the user-assigned identities of a subscription or group.</summary>
    IReadOnlyList<UserAssignedIdentity> ListIdentities(ListPart part);

    /// <summary>
    /// The identities an instance may act as, the default one first: user-assigned ones in the order of the model, then its own (contract 9.3).
    /// One whose resource was deleted is none any more.
    /// </summary>
    IReadOnlyList<AssignedIdentity> ListIdentitiesOf(ComputeInstance instance);

    /// <summary>Cores held in a subscription and location, per VM family; of one workspace when it is given.</summary>
    IReadOnlyList<FamilyUse> CoresInUse(string subscriptionId, string location, Guid? workspaceUid = null);

    /// <summary>Cores each instance of a subscription and location holds, by workspace and name; also those that cannot be read.</summary>
    IReadOnlyList<InstanceUse> CoresOfInstances(string subscriptionId, string location);

    /// <summary>Every quota limit that was set in a subscription and location.</summary>
    IReadOnlyList<QuotaSetting> ListQuotas(string subscriptionId, string location);

    /// <summary>The operation, or null.</summary>
    Operation? FindOperation(Guid id);

    /// <summary>The operation that is going on for a target, or null.</summary>
    Operation? FindRunningOperation(Guid targetUid);

    /// <summary>Events of a target and everything below it, newest first.</summary>
    IReadOnlyList<ActivityEvent> ListEvents(string target, int limit);

    /// <summary>Events of a time, newest first.</summary>
    IReadOnlyList<StoredEvent> ListEvents(EventQuery query);
}

/// <summary>Every instance of one moment.</summary>
/// <param name="Readable">Those that can be read.</param>
/// <param name="Unreadable">The unique ids of those that cannot.</param>
public sealed record EveryInstance(IReadOnlyList<ComputeInstance> Readable, IReadOnlyList<Guid> Unreadable)
{
    /// <summary>The unique ids of all of them.</summary>
    public IEnumerable<Guid> Uids => Readable.Select(instance => instance.Uid).Concat(Unreadable);
}

/// <summary>A part of a list in the order of lower-case resource ids; a store cuts it, so that no list is read as a whole.</summary>
/// <param name="Below">Resource id, or beginning of resource ids, that ends with <c>/</c>: only what lies below.</param>
/// <param name="After">Lower-case resource id behind which it begins, or null for the first.</param>
/// <param name="Limit">Most rows.</param>
public sealed record ListPart(string Below, string? After, int Limit)
{
    /// <summary>The position of a resource in such a list.</summary>
    public static string KeyOf(string resourceId) => resourceId.ToLowerInvariant();
}

/// <summary>Cores and instances of one VM family.</summary>
/// <param name="Family">VM family, such as <c>standardDSv2Family</c>.</param>
/// <param name="Cores">Nominal cores held.</param>
/// <param name="Instances">Instances that hold them.</param>
public sealed record FamilyUse(string Family, int Cores, int Instances);

/// <summary>Cores of one instance.</summary>
/// <param name="WorkspaceUid">Its workspace.</param>
/// <param name="Address">Its address.</param>
/// <param name="Family">VM family.</param>
/// <param name="Cores">Nominal cores held; 0 when it gave them back at its stop.</param>
public sealed record InstanceUse(Guid WorkspaceUid, InstanceAddress Address, string Family, int Cores);

/// <summary>What can be written, besides reading.</summary>
public interface IEngineTransaction : IEngineView, IScheduleWrites, INoticeWrites, IIdleWrites, ISecureShellWrites
{
    /// <summary>Inserts a resource group, or replaces its tags and state and counts its version up.</summary>
    void Save(ResourceGroup group);

    /// <summary>Removes a resource group.</summary>
    void DeleteResourceGroup(Guid uid);

    /// <summary>Inserts a workspace.</summary>
    void Insert(Workspace workspace);

    /// <summary>Replaces a workspace and counts its version up.</summary>
    void Update(Workspace workspace);

    /// <summary>Removes a workspace and its own quota limits.</summary>
    void DeleteWorkspace(Guid uid);

    /// <summary>Inserts an instance that holds <paramref name="cores"/> of <paramref name="family"/>.</summary>
    void Insert(ComputeInstance instance, string family, int cores);

    /// <summary>Replaces an instance's model, state, owner and stamps, and counts its version up.</summary>
    void Update(ComputeInstance instance);

    /// <summary>Changes what an instance holds of its quota.</summary>
    void Hold(Guid instanceUid, string family, int cores);

    /// <summary>Gives back what an instance holds of its quota; it keeps counting as a compute.</summary>
    void Release(Guid instanceUid);

    /// <summary>Inserts or replaces a quota limit.</summary>
    void Save(string subscriptionId, string location, QuotaSetting quota);

    /// <summary>Takes a quota limit away, so that the default or none is in force; nothing happens when it was not set.</summary>
    void DeleteQuota(string subscriptionId, string location, QuotaSetting quota);

    /// <summary>Removes an instance and the principal of its own identity.</summary>
    void DeleteInstance(Guid uid);

    /// <summary>
    /// The name of an owner's folder on a workspace's share (contract 12.1). The first claim decides, for good: two people never share a folder,
    /// and nobody inherits one.
    /// </summary>
    /// <param name="workspaceUid">The workspace.</param>
    /// <param name="owner">Object id of the owner.</param>
    /// <param name="candidates">Names in order of preference; the last is free by construction.</param>
    string ClaimAlias(Guid workspaceUid, Guid owner, IReadOnlyList<string> candidates);

    /// <summary>Inserts a user-assigned identity with its principal.</summary>
    void Insert(UserAssignedIdentity identity);

    /// <summary>Replaces a user-assigned identity's tags and counts its version up.</summary>
    void Update(UserAssignedIdentity identity);

    /// <summary>Removes a user-assigned identity with its principal.</summary>
    void Delete(UserAssignedIdentity identity);

    /// <summary>Makes the principal of an instance's own identity; it goes with the instance.</summary>
    /// <param name="instanceUid">The instance.</param>
    /// <param name="principalId">Object id of the principal.</param>
    /// <param name="displayName">Its display name (contract 9.3).</param>
    /// <param name="now">When it is made.</param>
    void InsertSystemIdentity(Guid instanceUid, Guid principalId, string displayName, Instant now);

    /// <summary>Removes the principal of an instance's own identity.</summary>
    void DeleteSystemIdentity(Guid instanceUid);

    /// <summary>Inserts an operation. The store holds that a target has one running operation at most.</summary>
    void Insert(Operation operation);

    /// <summary>Replaces status, step, end and error of an operation.</summary>
    void Update(Operation operation);

    /// <summary>
    /// Takes the oldest running operation that nobody holds, until <paramref name="until"/>; one whose target is still held by a canceled
    /// operation waits until that has let go.
    /// </summary>
    /// <returns>The operation, or null when none waits.</returns>
    Operation? ClaimOperation(string leaseOwner, Instant now, Instant until);

    /// <summary>Prolongs a lease.</summary>
    /// <returns>False when somebody else holds it by now or the operation has ended: the worker must let go.</returns>
    bool RenewLease(Guid operationId, string leaseOwner, Instant until);

    /// <summary>Gives a lease back, so that another worker can go on at once.</summary>
    void ReleaseLease(Guid operationId, string leaseOwner);

    /// <summary>Frees every lease; only for a server that knows it is the only one.</summary>
    void ReleaseEveryLease();

    /// <summary>Removes operations that ended before an instant (contract 1.6: readable for 24 hours).</summary>
    int ForgetOperations(Instant endedBefore);

    /// <summary>Appends an event.</summary>
    void Append(ActivityEvent happened);
}
