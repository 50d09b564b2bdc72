using System.Data.Common;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Dapper;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Reads of the engine, in plain SQL that both dialects understand.</summary>
internal class EngineView(DbConnection connection, DbTransaction? transaction) : IEngineView
{
    protected DbConnection Connection { get; } = connection;

    protected DbTransaction? Transaction { get; } = transaction;

    public ResourceGroup? FindResourceGroup(string subscriptionId, string name) =>
        Groups("WHERE key = @key", new { key = GroupKey(subscriptionId, name) }).SingleOrDefault();

    public IReadOnlyList<ResourceGroup> ListResourceGroups(string subscriptionId) =>
        Groups("WHERE subscription_id = @subscription ORDER BY key", new { subscription = LowerCase(subscriptionId) });

    public Workspace? FindWorkspace(WorkspaceAddress address) => Workspaces("WHERE key = @key", new { key = Key(address) }).SingleOrDefault();

    public Workspace? FindWorkspace(Guid uid) => Workspaces("WHERE uid = @uid", new { uid = Text(uid) }).SingleOrDefault();

    public IReadOnlyList<Workspace> ListWorkspaces(string subscriptionId, string? resourceGroup = null) =>
        Workspaces(
            "WHERE key LIKE @prefix ESCAPE '\\' ORDER BY key",
            new { prefix = Prefix(resourceGroup is null ? $"/subscriptions/{subscriptionId}/" : GroupKey(subscriptionId, resourceGroup) + "/") });

    public IReadOnlyList<Workspace> ListWorkspaces() => Workspaces("ORDER BY key", null);

    public ComputeInstance? FindInstance(InstanceAddress address) => Instances("WHERE key = @key", new { key = Key(address) }).SingleOrDefault();

    public ComputeInstance? FindInstance(Guid uid) => Instances("WHERE uid = @uid", new { uid = Text(uid) }).SingleOrDefault();

    public ComputeInstance? FindInstance(string location, string name) =>
        Instances("WHERE region_key = @key", new { key = RegionKey(location, name) }).SingleOrDefault();

    public IReadOnlyList<ComputeInstance> ListInstances(Guid workspaceUid) =>
        Instances("WHERE workspace_uid = @uid ORDER BY region_key", new { uid = Text(workspaceUid) });

    public IReadOnlyList<ComputeInstance> ListInstances() => Instances("ORDER BY region_key", null);

    public IReadOnlyList<ComputeInstance> ListInstancesOfOwner(Guid owner) =>
        Instances("WHERE owner = @owner ORDER BY region_key", new { owner = Text(owner) });

    public IReadOnlyList<FamilyUse> CoresInUse(string subscriptionId, string location) =>
        [.. Connection.Query<(string Family, long Cores, long Instances)>(
            "SELECT family, SUM(cores), COUNT(*) FROM instances WHERE subscription_id = @subscription AND location = @location GROUP BY family ORDER BY family",
            new { subscription = LowerCase(subscriptionId), location },
            Transaction).Select(row => new FamilyUse(row.Family, (int)row.Cores, (int)row.Instances))];

    public Operation? FindOperation(Guid id) => Operations("WHERE id = @id", new { id = Text(id) }).SingleOrDefault();

    public Operation? FindRunningOperation(Guid targetUid) =>
        Operations("WHERE target_uid = @uid AND status = 'InProgress'", new { uid = Text(targetUid) }).SingleOrDefault();

    public IReadOnlyList<ActivityEvent> ListEvents(string target, int limit) =>
        [.. Connection.Query<EventRow>(
            EventRow.Select + "WHERE target = @key OR target LIKE @prefix ESCAPE '\\' ORDER BY sequence DESC LIMIT @limit",
            new { key = LowerCase(target), prefix = Prefix(target + "/"), limit },
            Transaction).Select(row => row.ToEvent())];

    private static string Prefix(string text) =>
        LowerCase(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    private ResourceGroup[] Groups(string where, object? parameters) =>
        [.. Connection.Query<GroupRow>("SELECT subscription_id, name, location, tags, created_at FROM resource_groups " + where, parameters, Transaction)
            .Select(row => row.ToGroup())];

    private Workspace[] Workspaces(string where, object? parameters) =>
        [.. Connection.Query<WorkspaceRow>(WorkspaceRow.Select + where, parameters, Transaction).Select(row => row.ToWorkspace())];

    private ComputeInstance[] Instances(string where, object? parameters) =>
        [.. Connection.Query<InstanceRow>(InstanceRow.Select + where, parameters, Transaction).Select(row => row.ToInstance())];

    private Operation[] Operations(string where, object? parameters) =>
        [.. Connection.Query<OperationRow>(OperationRow.Select + where, parameters, Transaction).Select(row => row.ToOperation())];
}
