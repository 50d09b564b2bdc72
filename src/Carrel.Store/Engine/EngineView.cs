using System.Data;
using System.Data.Common;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Dapper;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Reads of the engine, in plain SQL that both dialects understand.</summary>
internal partial class EngineView(DbConnection connection, DbTransaction? transaction) : IEngineView
{
    protected DbConnection Connection { get; } = connection;

    protected DbTransaction? Transaction { get; } = transaction;

    public ResourceGroup? FindResourceGroup(string subscriptionId, string name) =>
        Groups("WHERE key = @key", new { key = GroupKey(subscriptionId, name) }).SingleOrDefault();

    public ResourceGroup? FindResourceGroup(Guid uid) => Groups("WHERE uid = @uid", new { uid = Text(uid) }).SingleOrDefault();

    public IReadOnlyList<ResourceGroup> ListResourceGroups(ListPart part) => Groups(PartOfList, Parameters(part));

    public Workspace? FindWorkspace(WorkspaceAddress address) => Workspaces("WHERE key = @key", new { key = Key(address) }).SingleOrDefault();

    public Workspace? FindWorkspace(Guid uid) => Workspaces("WHERE uid = @uid", new { uid = Text(uid) }).SingleOrDefault();

    public IReadOnlyList<Workspace> ListWorkspaces(string subscriptionId, string? resourceGroup = null) =>
        Workspaces(
            "WHERE key LIKE @prefix ESCAPE '\\' ORDER BY key",
            new { prefix = Prefix(resourceGroup is null ? $"/subscriptions/{subscriptionId}/" : GroupKey(subscriptionId, resourceGroup) + "/") });

    public IReadOnlyList<Workspace> ListWorkspaces(ListPart part) => Workspaces(PartOfList, Parameters(part));

    public IReadOnlyList<Workspace> ListWorkspaces() => Workspaces("ORDER BY key", null);

    public ComputeInstance? FindInstance(InstanceAddress address) => Instances("WHERE key = @key", new { key = Key(address) }).SingleOrDefault();

    public ComputeInstance? FindInstance(Guid uid) => Instances("WHERE uid = @uid", new { uid = Text(uid) }).SingleOrDefault();

    public ComputeInstance? FindInstance(string location, string name) =>
        Instances("WHERE region_key = @key", new { key = RegionKey(location, name) }).SingleOrDefault();

    public IReadOnlyList<ComputeInstance> ListInstances(Guid workspaceUid) =>
        Instances("WHERE workspace_uid = @uid ORDER BY region_key", new { uid = Text(workspaceUid) });

    public IReadOnlyList<ComputeInstance> ListInstances(ListPart part)
    {
        // Filled up from behind the rows that cannot be read: a short part would be the last of its list.
        for (int limit = part.Limit; ;)
        {
            EveryInstance rows = Every(PartOfList, Parameters(part with { Limit = limit }));
            if (rows.Readable.Count + rows.Unreadable.Count < limit || rows.Readable.Count >= part.Limit)
                return rows.Readable;
            limit = part.Limit + rows.Unreadable.Count;
        }
    }

    public IReadOnlyList<ComputeInstance> ListInstances() => Every("ORDER BY region_key", null).Readable;

    public EveryInstance ListEveryInstance() => Every("ORDER BY region_key", null);

    public IReadOnlyList<ComputeInstance> ListInstancesOfOwner(Guid owner) =>
        Every("WHERE owner = @owner ORDER BY region_key", new { owner = Text(owner) }).Readable;

    public IReadOnlyList<ComputeInstance> ListInstancesInSubnet(string subnetId) =>
        Every("WHERE subnet = @subnet ORDER BY region_key", new { subnet = LowerCase(subnetId) }).Readable;

    public IReadOnlyList<FamilyUse> CoresInUse(string subscriptionId, string location, Guid? workspaceUid = null) =>
        [.. Connection.Query<(string Family, long Cores, long Instances)>(
            $"""
            SELECT family, SUM(cores), COUNT(*) FROM instances WHERE subscription_id = @subscription AND location = @location
            {(workspaceUid is null ? "" : "AND workspace_uid = @workspace")} GROUP BY family ORDER BY family
            """,
            new { subscription = LowerCase(subscriptionId), location, workspace = workspaceUid is { } uid ? Text(uid) : null },
            Transaction).Select(row => new FamilyUse(row.Family, (int)row.Cores, (int)row.Instances))];

    public IReadOnlyList<InstanceUse> CoresOfInstances(string subscriptionId, string location) =>
        Rows(
            InstanceRow.Select + "WHERE subscription_id = @subscription AND location = @location ORDER BY key",
            new { subscription = LowerCase(subscriptionId), location },
            InstanceRow.ToUse);

    public IReadOnlyList<QuotaSetting> ListQuotas(string subscriptionId, string location) =>
        [.. Connection.Query<(string Kind, string Family, string Workspace, long Limit)>(
            "SELECT kind, family, workspace_uid, cores FROM quota_limits WHERE subscription_id = @subscription AND location = @location ORDER BY kind, family, workspace_uid",
            new { subscription = LowerCase(subscriptionId), location },
            Transaction).Select(row => new QuotaSetting(ToEnum<QuotaKind>(row.Kind), row.Family, row.Workspace.Length == 0 ? null : ToGuid(row.Workspace), (int)row.Limit))];

    public Operation? FindOperation(Guid id) => Operations("WHERE id = @id", new { id = Text(id) }).SingleOrDefault();

    public Operation? FindRunningOperation(Guid targetUid) =>
        Operations("WHERE target_uid = @uid AND status = 'InProgress'", new { uid = Text(targetUid) }).SingleOrDefault();

    public IReadOnlyList<ActivityEvent> ListEvents(string target, int limit) =>
        [.. Connection.Query<EventRow>(
            EventRow.Select + "WHERE target = @key OR target LIKE @prefix ESCAPE '\\' ORDER BY sequence DESC LIMIT @limit",
            new { key = LowerCase(target), prefix = Prefix(target + "/"), limit },
            Transaction).Select(row => row.ToEvent())];

    public IReadOnlyList<StoredEvent> ListEvents(EventQuery query)
    {
        // Each index ends with time and number, so the order costs nothing, and a page is read and no more.
        string where = "WHERE at BETWEEN @since AND @until"
            + (query.Target is not null ? " AND target = @target" : " AND (target = @scope OR (target > @below AND target < @end))")
            + (query.CorrelationId is null ? "" : " AND correlation_id = @correlation")
            + (query.Before is null ? "" : " AND (at, sequence) < (@beforeAt, @beforeSequence)")
            + " ORDER BY at DESC, sequence DESC LIMIT @limit";
        string scope = LowerCase(query.Scope);
        return [.. Connection.Query<EventRow>(
            EventRow.Select + where,
            new
            {
                since = Ticks(query.Since),
                until = Ticks(query.Until),
                target = query.Target is null ? null : LowerCase(query.Target),
                scope,
                below = scope + "/",
                end = scope + AfterSlash,
                correlation = query.CorrelationId,
                beforeAt = query.Before is { } before ? Ticks(before.At) : 0,
                beforeSequence = query.Before?.Sequence ?? 0,
                limit = query.Limit,
            },
            Transaction).Select(row => row.ToStored())];
    }

    // The character behind '/': what lies below an id is everything from "id/" to "id0".
    private const string AfterSlash = "0";

    // A range of the unique index of keys, whatever the part is of.
    private const string PartOfList = "WHERE key > @after AND key < @end ORDER BY key LIMIT @limit";

    private static object Parameters(ListPart part)
    {
        string below = LowerCase(part.Below);
        string after = part.After is { } given && string.CompareOrdinal(given, below) > 0 ? given : below;
        return new { after, end = below[..^1] + AfterSlash, limit = part.Limit };
    }

    private static string Prefix(string text) =>
        LowerCase(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    // By the place of each column: asking SQLite for the names and types of all of them takes longer than reading them, and is done even when there is no row.
    protected T[] Rows<T>(string sql, object? parameters, Func<IDataRecord, T> read)
    {
        using IDataReader reader = Connection.ExecuteReader(sql, parameters, Transaction);
        List<T> rows = [];
        while (reader.Read())
            rows.Add(read(reader));
        return [.. rows];
    }

    private ResourceGroup[] Groups(string where, object? parameters) =>
        [.. Connection.Query<GroupRow>(GroupRow.Select + where, parameters, Transaction)
            .Select(row => row.ToGroup())];

    private Workspace[] Workspaces(string where, object? parameters) =>
        [.. Connection.Query<WorkspaceRow>(WorkspaceRow.Select + where, parameters, Transaction).Select(row => row.ToWorkspace())];

    /// <summary>Every read of an instance comes through here.</summary>
    protected virtual ComputeInstance ToInstance(IDataRecord row) => InstanceRow.ToInstance(row);

    private ComputeInstance[] Instances(string where, object? parameters) => Rows(InstanceRow.Select + where, parameters, ToInstance);

    private EveryInstance Every(string where, object? parameters)
    {
        List<Guid> unreadable = [];
        ComputeInstance?[] rows = Rows(InstanceRow.Select + where, parameters, IfReadable);
        return new EveryInstance([.. rows.OfType<ComputeInstance>()], unreadable);

        ComputeInstance? IfReadable(IDataRecord row)
        {
            try
            {
                return ToInstance(row);
            }
            catch (UnreadableInstanceException damaged)
            {
                unreadable.Add(damaged.InstanceUid);
                return null;
            }
        }
    }

    private Operation[] Operations(string where, object? parameters) =>
        Rows(OperationRow.Select + where, parameters, OperationRow.ToOperation);
}
