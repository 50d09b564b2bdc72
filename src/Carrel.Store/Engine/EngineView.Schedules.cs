using System.Text.Json;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using Dapper;
using NodaTime;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Schedules and their firings.</summary>
internal partial class EngineView
{
    public IReadOnlyList<InstanceSchedules> ListSchedules(Guid? after, int limit) =>
        [.. Connection.Query<(string Uid, string Schedules)>(
            "SELECT uid, schedules FROM instances WHERE uid > @after AND schedules <> '[]' ORDER BY uid LIMIT @limit",
            new { after = after is { } uid ? Text(uid) : "", limit },
            Transaction).Select(row => new InstanceSchedules(ToGuid(row.Uid), SchedulesOrNull(row.Schedules)))];

    public long LastScheduleChange() => Connection.ExecuteScalar<long>("SELECT COALESCE(MAX(sequence), 0) FROM schedule_changes", null, Transaction);

    public IReadOnlyList<ScheduleChange> ListScheduleChanges(long after, int limit) => Changes("WHERE sequence > @after ORDER BY sequence LIMIT @limit", new { after, limit });

    public IReadOnlyList<ScheduleChange> ListScheduleChanges(Instant since) => Changes("WHERE at > @since ORDER BY sequence", new { since = Ticks(since) });

    public ScheduleFiring? FindFiring(Guid instanceUid, Guid scheduleId, Instant due) => Firings(
        "WHERE instance_uid = @uid AND schedule_id = @schedule AND due = @due",
        new { uid = Text(instanceUid), schedule = Text(scheduleId), due = Ticks(due) }).SingleOrDefault();

    public IReadOnlyList<ScheduleFiring> ListFirings(Guid instanceUid, int limit) =>
        Firings("WHERE instance_uid = @uid ORDER BY due DESC, schedule_id LIMIT @limit", new { uid = Text(instanceUid), limit });

    public IReadOnlyList<ScheduleFiring> ListDeferredFirings() => Firings("WHERE outcome = 'Deferred' ORDER BY due", null);

    public Instant? FiringsLookedUntil() =>
        Connection.ExecuteScalar<long?>("SELECT looked_until FROM firing_progress", null, Transaction) is { } ticks ? ToInstant(ticks) : null;

    public IReadOnlyList<Guid> ListTargetsOfOperationsSince(Instant endedSince) =>
        [.. Connection.Query<string>(
            "SELECT DISTINCT target_uid FROM operations WHERE ended_at >= @since AND status IN ('Succeeded', 'Failed')", new { since = Ticks(endedSince) }, Transaction).Select(ToGuid)];

    public Operation? FindUserOperationAfter(Guid instanceUid, Instant after) => Operations(
        """
        WHERE target_uid = @uid AND created_at > @after AND trigger = 'User' AND kind IN ('Start', 'Stop', 'Restart', 'Reimage', 'Delete')
        ORDER BY created_at DESC LIMIT 1
        """,
        new { uid = Text(instanceUid), after = Ticks(after) }).SingleOrDefault();

    // One that cannot be read must not hide the others.
    protected static IReadOnlyList<ScheduleModel>? SchedulesOrNull(string stored)
    {
        try
        {
            return ModelJson.DeserializeSchedules(stored);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ScheduleChange[] Changes(string where, object parameters) =>
        [.. Connection.Query<(long Sequence, string Instance, string Schedule, long At)>("SELECT sequence, instance_uid, schedule_id, at FROM schedule_changes " + where, parameters, Transaction)
            .Select(row => new ScheduleChange(row.Sequence, ToGuid(row.Instance), ToGuid(row.Schedule), ToInstant(row.At)))];

    private ScheduleFiring[] Firings(string where, object? parameters) =>
        Rows(FiringRow.Select + where, parameters, FiringRow.ToFiring);
}
