using System.Data;
using System.Data.Common;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using Dapper;
using NodaTime;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Writes of the engine, in plain SQL that both dialects understand.</summary>
internal sealed partial class EngineTransaction(DbConnection connection, DbTransaction transaction)
    : EngineView(connection, transaction), IEngineTransaction
{
    internal const string ClaimStatement =
        $"""
        UPDATE operations SET lease_owner = @owner, lease_until = @until
        WHERE id = (SELECT waiting.id FROM operations AS waiting
                    WHERE waiting.status = 'InProgress' AND (waiting.lease_until IS NULL OR waiting.lease_until < @now)
                      AND NOT EXISTS (SELECT 1 FROM operations AS before WHERE before.target_uid = waiting.target_uid AND before.id <> waiting.id AND before.lease_until >= @now)
                    ORDER BY waiting.created_at LIMIT 1)
        RETURNING {OperationRow.Names}
        """;

    // Of each instance, what this transaction read or wrote last.
    private readonly Dictionary<Guid, ComputeInstanceModel> _models = [];

    public void Save(ResourceGroup group) => Run(
        """
        INSERT INTO resource_groups (key, subscription_id, name, location, tags, created_at, uid, state, version)
        VALUES (@key, @subscription, @name, @location, @tags, @created, @uid, @state, 1)
        ON CONFLICT (key) DO UPDATE SET tags = excluded.tags, state = excluded.state, version = resource_groups.version + 1
        """,
        new
        {
            key = GroupKey(group.SubscriptionId, group.Name),
            subscription = LowerCase(group.SubscriptionId),
            name = group.Name,
            location = group.Location,
            tags = Write(group.Tags),
            created = Ticks(group.CreatedOn),
            uid = Text(group.Uid),
            state = group.Deleting ? GroupRow.Deleting : GroupRow.Succeeded,
        });

    /// <summary>Whether role assignments went with a resource, so that whoever remembers some has to forget them.</summary>
    internal bool RemovesRoles { get; private set; }

    public void DeleteResourceGroup(Guid uid)
    {
        RemoveRoles("SELECT key FROM resource_groups WHERE uid = @uid", uid);
        Run("DELETE FROM resource_groups WHERE uid = @uid", new { uid = Text(uid) });
    }

    public void Insert(Workspace workspace) => Run(
        """
        INSERT INTO workspaces (uid, key, subscription_id, resource_group, name, location, body, state, created_by, created_at, modified_by, modified_at, version)
        VALUES (@uid, @key, @subscription, @group, @name, @location, @body, @state, @createdBy, @createdAt, @modifiedBy, @modifiedAt, 1)
        """,
        Parameters(workspace));

    public void Update(Workspace workspace) => Run(
        """
        UPDATE workspaces SET body = @body, state = @state, modified_by = @modifiedBy, modified_at = @modifiedAt, version = version + 1 WHERE uid = @uid
        """,
        Parameters(workspace));

    public void DeleteWorkspace(Guid uid)
    {
        RemoveRoles("SELECT key FROM workspaces WHERE uid = @uid", uid);
        Run("DELETE FROM aliases WHERE workspace_uid = @uid", new { uid = Text(uid) });
        Run("DELETE FROM quota_limits WHERE workspace_uid = @uid", new { uid = Text(uid) });
        Run("DELETE FROM workspaces WHERE uid = @uid", new { uid = Text(uid) });
    }

    public void Insert(ComputeInstance instance, string family, int cores)
    {
        InsertRow(instance, family, cores);
        InsertSchedules(instance);
    }

    // Nearly every change is one of the state. Whoever hands back the very model that was read here, where nobody can have written in between, changes no wish,
    // and it is neither written nor compared.
    public void Update(ComputeInstance instance)
    {
        if (ReferenceEquals(_models.GetValueOrDefault(instance.Uid), instance.Model))
        {
            UpdateState(instance);
            return;
        }

        UpdateSchedules(instance);
        UpdateRow(instance);
        _models[instance.Uid] = instance.Model;
    }

    protected override ComputeInstance ToInstance(IDataRecord row)
    {
        ComputeInstance instance = base.ToInstance(row);
        _models[instance.Uid] = instance.Model;
        return instance;
    }

    private void InsertRow(ComputeInstance instance, string family, int cores) => Run(
        """
        INSERT INTO instances (uid, workspace_uid, key, region_key, subscription_id, resource_group, workspace, name, location, family, cores, subnet, owner, owner_alias,
                               model, state, created_by, created_at, modified_by, modified_at, version)
        VALUES (@uid, @workspaceUid, @key, @regionKey, @subscription, @group, @workspace, @name, @location, @family, @cores, @subnet, @owner, @alias,
                @model, @state, @createdBy, @createdAt, @modifiedBy, @modifiedAt, 1)
        """,
        new
        {
            uid = Text(instance.Uid),
            workspaceUid = Text(instance.WorkspaceUid),
            key = Key(instance.Address),
            regionKey = RegionKey(instance.Location, instance.Address.Name),
            subscription = LowerCase(instance.Address.SubscriptionId),
            group = instance.Address.ResourceGroup,
            workspace = instance.Address.Workspace,
            name = instance.Address.Name,
            location = instance.Location,
            family,
            cores,
            subnet = Subnet(instance),
            owner = Text(instance.Owner),
            alias = instance.OwnerAlias,
            model = ModelJson.Serialize(instance.Model),
            state = Write(instance.State),
            createdBy = Write(instance.CreatedBy),
            createdAt = Ticks(instance.CreatedOn),
            modifiedBy = Write(instance.ModifiedBy),
            modifiedAt = Ticks(instance.ModifiedOn),
        });

    private void UpdateRow(ComputeInstance instance) => Run(
        "UPDATE instances SET model = @model, subnet = @subnet, state = @state, owner = @owner, owner_alias = @alias, modified_by = @modifiedBy, modified_at = @modifiedAt, version = version + 1 WHERE uid = @uid",
        new
        {
            uid = Text(instance.Uid),
            subnet = Subnet(instance),
            model = ModelJson.Serialize(instance.Model),
            state = Write(instance.State),
            owner = Text(instance.Owner),
            alias = instance.OwnerAlias,
            modifiedBy = Write(instance.ModifiedBy),
            modifiedAt = Ticks(instance.ModifiedOn),
        });

    private void UpdateState(ComputeInstance instance) => Run(
        "UPDATE instances SET state = @state, owner = @owner, owner_alias = @alias, modified_by = @modifiedBy, modified_at = @modifiedAt, version = version + 1 WHERE uid = @uid",
        new
        {
            uid = Text(instance.Uid),
            state = Write(instance.State),
            owner = Text(instance.Owner),
            alias = instance.OwnerAlias,
            modifiedBy = Write(instance.ModifiedBy),
            modifiedAt = Ticks(instance.ModifiedOn),
        });

    public void Hold(Guid instanceUid, string family, int cores) =>
        Run("UPDATE instances SET family = @family, cores = @cores WHERE uid = @uid", new { uid = Text(instanceUid), family, cores });

    public void Release(Guid instanceUid) => Run("UPDATE instances SET cores = 0 WHERE uid = @uid", new { uid = Text(instanceUid) });

    public void Save(string subscriptionId, string location, QuotaSetting quota) => Run(
        """
        INSERT INTO quota_limits (subscription_id, location, kind, family, workspace_uid, cores) VALUES (@subscription, @location, @kind, @family, @workspace, @limit)
        ON CONFLICT (subscription_id, location, kind, family, workspace_uid) DO UPDATE SET cores = excluded.cores
        """,
        Parameters(subscriptionId, location, quota));

    public void DeleteQuota(string subscriptionId, string location, QuotaSetting quota) => Run(
        """
        DELETE FROM quota_limits
        WHERE subscription_id = @subscription AND location = @location AND kind = @kind AND family = @family AND workspace_uid = @workspace
        """,
        Parameters(subscriptionId, location, quota));

    public string ClaimAlias(Guid workspaceUid, Guid owner, IReadOnlyList<string> candidates)
    {
        string workspace = Text(workspaceUid);
        string? known = Connection.QuerySingleOrDefault<string>(
            "SELECT alias FROM aliases WHERE workspace_uid = @workspace AND owner = @owner", new { workspace, owner = Text(owner) }, Transaction);
        if (known is not null)
            return known;
        HashSet<string> taken = [.. Connection.Query<string>("SELECT alias FROM aliases WHERE workspace_uid = @workspace", new { workspace }, Transaction)];
        string alias = candidates.First(candidate => !taken.Contains(candidate));
        Run("INSERT INTO aliases (workspace_uid, owner, alias) VALUES (@workspace, @owner, @alias)", new { workspace, owner = Text(owner), alias });
        return alias;
    }

    public void DeleteInstance(Guid uid)
    {
        DeleteSystemIdentity(uid);
        RemoveSchedules(uid);
        RemoveRoles("SELECT key FROM instances WHERE uid = @uid", uid);
        Run("DELETE FROM instances WHERE uid = @uid", new { uid = Text(uid) });
    }

    public void Insert(Operation operation) => Run(
        """
        INSERT INTO operations (id, kind, trigger, target_uid, target, subscription_id, status, step, previous_state, started_by, correlation_id, created_at, ended_at, error_code, error_message, origin)
        VALUES (@id, @kind, @trigger, @targetUid, @target, @subscription, @status, @step, @previous, @startedBy, @correlation, @createdAt, @endedAt, @code, @message, @origin)
        """,
        Parameters(operation));

    public void Update(Operation operation) => Run(
        "UPDATE operations SET status = @status, step = @step, ended_at = @endedAt, error_code = @code, error_message = @message WHERE id = @id",
        Parameters(operation));

    public Operation? ClaimOperation(string leaseOwner, Instant now, Instant until) =>
        Rows(ClaimStatement, new { owner = leaseOwner, now = Ticks(now), until = Ticks(until) }, OperationRow.ToOperation).SingleOrDefault();

    public bool RenewLease(Guid operationId, string leaseOwner, Instant until) => Run(
        "UPDATE operations SET lease_until = @until WHERE id = @id AND lease_owner = @owner AND status = 'InProgress'",
        new { id = Text(operationId), owner = leaseOwner, until = Ticks(until) }) == 1;

    public void ReleaseLease(Guid operationId, string leaseOwner) => Run(
        "UPDATE operations SET lease_owner = NULL, lease_until = NULL WHERE id = @id AND lease_owner = @owner",
        new { id = Text(operationId), owner = leaseOwner });

    // Those of ended operations too: a deletion waits for the lease of the operation that it canceled.
    public void ReleaseEveryLease() => Run("UPDATE operations SET lease_owner = NULL, lease_until = NULL WHERE lease_owner IS NOT NULL", null);

    public int ForgetOperations(Instant endedBefore) =>
        Run("DELETE FROM operations WHERE status <> 'InProgress' AND ended_at < @before", new { before = Ticks(endedBefore) });

    public void Append(ActivityEvent happened) => Run(
        """
        INSERT INTO events (at, actor, action, target, resource_id, outcome, cause, detail, request_id, correlation_id, level, operation_id, client_request_id, user_agent)
        VALUES (@at, @actor, @action, @target, @resource, @outcome, @cause, @detail, @request, @correlation, @level, @operation, @client, @agent)
        """,
        new
        {
            at = Ticks(happened.At),
            actor = Write(happened.Actor),
            action = happened.Action,
            target = LowerCase(happened.Target),
            resource = happened.Target,
            outcome = happened.Outcome,
            cause = happened.Cause,
            detail = happened.Detail,
            request = happened.RequestId,
            correlation = happened.CorrelationId,
            level = happened.Level.ToString(),
            operation = happened.OperationId is { } operation ? Text(operation) : null,
            client = happened.ClientRequestId,
            agent = happened.UserAgent,
        });

    // Roles at a resource go with it: whoever makes another one under its name must not find others' rights on it.
    private void RemoveRoles(string findKey, Guid uid)
    {
        if (Connection.QuerySingleOrDefault<string>(findKey, new { uid = Text(uid) }, Transaction) is { } key)
            RemoveRoles(key);
    }

    private void RemoveRoles(string key)
    {
        // Below a key lies what begins with it and a slash; '0' is the character behind the slash.
        int removed = Run(
            "DELETE FROM role_assignments WHERE scope_key = @key OR (scope_key >= @first AND scope_key < @end)", new { key, first = key + "/", end = key + "0" });
        RemovesRoles |= removed > 0;
    }

    private static string? Subnet(ComputeInstance instance) => instance.Model.SubnetId is { } id ? LowerCase(id) : null;

    private static object Parameters(string subscriptionId, string location, QuotaSetting quota) => new
    {
        subscription = LowerCase(subscriptionId),
        location,
        kind = quota.Kind.ToString(),
        family = quota.Family,
        workspace = quota.WorkspaceUid is { } uid ? Text(uid) : "",
        limit = quota.Limit,
    };

    private static object Parameters(Workspace workspace) => new
    {
        uid = Text(workspace.Uid),
        key = Key(workspace.Address),
        subscription = LowerCase(workspace.Address.SubscriptionId),
        group = workspace.Address.ResourceGroup,
        name = workspace.Address.Name,
        location = workspace.Location,
        body = Write(workspace.Model),
        state = workspace.Deleting ? WorkspaceRow.Deleting : WorkspaceRow.Succeeded,
        createdBy = Write(workspace.CreatedBy),
        createdAt = Ticks(workspace.CreatedOn),
        modifiedBy = Write(workspace.ModifiedBy),
        modifiedAt = Ticks(workspace.ModifiedOn),
    };

    private static object Parameters(Operation operation) => new
    {
        id = Text(operation.Id),
        kind = operation.Kind.ToString(),
        trigger = operation.Trigger.ToString(),
        targetUid = Text(operation.TargetUid),
        target = operation.Target,
        subscription = LowerCase(operation.SubscriptionId),
        status = operation.Status.ToString(),
        step = operation.Step,
        previous = operation.PreviousState?.ToString(),
        startedBy = Write(operation.StartedBy),
        correlation = operation.CorrelationId,
        createdAt = Ticks(operation.CreatedAt),
        endedAt = operation.EndedAt is { } ended ? Ticks(ended) : (long?)null,
        code = operation.Error?.Code,
        message = operation.Error?.Message,
        origin = operation.Origin == RequestOrigin.None ? null : Write(operation.Origin),
    };

    private int Run(string sql, object? parameters) => Connection.Execute(sql, parameters, Transaction);
}
