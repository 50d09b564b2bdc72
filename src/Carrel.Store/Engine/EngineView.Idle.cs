using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Dapper;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Idle clocks and decisions.</summary>
internal partial class EngineView
{
    private const string SelectDecision = "SELECT sequence, input, decision FROM idle_decisions ";

    public IdleRecord FindIdle(Guid instanceUid)
    {
        IdleRow? row = Connection.QuerySingleOrDefault<IdleRow>(
            "SELECT clock, keep_awake_until, keep_awake_by FROM idle_clocks WHERE instance_uid = @uid", new { uid = Text(instanceUid) }, Transaction);
        return row is null
            ? new IdleRecord(null)
            : new IdleRecord(
                row.clock is null ? null : Read<IdleClock>(row.clock),
                row.keep_awake_until is { } until ? ToInstant(until) : null,
                row.keep_awake_by);
    }

    public IReadOnlyList<StoredIdleDecision> ListIdleDecisions(Guid instanceUid, int limit) =>
        Decisions("WHERE instance_uid = @uid ORDER BY sequence DESC LIMIT @limit", new { uid = Text(instanceUid), limit });

    public StoredIdleDecision? FindIdleDecision(Guid instanceUid, IReadOnlyList<IdleDecisionKind> kinds) => Decisions(
        "WHERE instance_uid = @uid AND kind IN @kinds ORDER BY sequence DESC LIMIT 1",
        new { uid = Text(instanceUid), kinds = kinds.Select(kind => kind.ToString()) }).SingleOrDefault();

    public IReadOnlyList<ActivityEvent> ListEventsByCause(string target, IReadOnlyList<string> causes, int limit) =>
        [.. Connection.Query<EventRow>(
            EventRow.Select + "WHERE target = @target AND cause IN @causes ORDER BY sequence DESC LIMIT @limit",
            new { target = LowerCase(target), causes, limit },
            Transaction).Select(row => row.ToEvent())];

    private StoredIdleDecision[] Decisions(string where, object parameters) =>
        [.. Connection.Query<IdleDecisionRow>(SelectDecision + where, parameters, Transaction)
            .Select(row => new StoredIdleDecision(row.sequence, Read<IdleInput>(row.input), Read<IdleDecision>(row.decision)))];
}

/// <summary>A row of <c>idle_clocks</c>.</summary>
internal sealed class IdleRow
{
    public string? clock { get; init; }
    public long? keep_awake_until { get; init; }
    public string? keep_awake_by { get; init; }
}

/// <summary>A row of <c>idle_decisions</c>.</summary>
internal sealed class IdleDecisionRow
{
    public long sequence { get; init; }
    public string input { get; init; } = "";
    public string decision { get; init; } = "";
}
