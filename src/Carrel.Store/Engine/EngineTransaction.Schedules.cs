using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using Dapper;
using NodaTime;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Firings, and what changes about schedules.</summary>
internal sealed partial class EngineTransaction
{
    // More than any follower, which looks every second, can fall behind.
    private const int KeptChanges = 100_000;

    public bool Claim(ScheduleFiring firing) => Run(
        """
        INSERT INTO firings (instance_uid, schedule_id, due, action, outcome, reason, decided_at, operation_id)
        VALUES (@uid, @schedule, @due, @action, @outcome, @reason, @decidedAt, @operation)
        ON CONFLICT (instance_uid, schedule_id, due) DO NOTHING
        """,
        FiringRow.Parameters(firing)) == 1;

    public bool Settle(ScheduleFiring firing) => Run(
        """
        UPDATE firings SET outcome = @outcome, reason = @reason, decided_at = @decidedAt, operation_id = @operation
        WHERE instance_uid = @uid AND schedule_id = @schedule AND due = @due AND outcome = 'Deferred'
        """,
        FiringRow.Parameters(firing)) == 1;

    public void MarkFiringsLookedUntil(Instant until) => Run(
        """
        INSERT INTO firing_progress (only, looked_until) VALUES (1, @until)
        ON CONFLICT (only) DO UPDATE SET looked_until = excluded.looked_until WHERE excluded.looked_until > firing_progress.looked_until
        """,
        new { until = Ticks(until) });

    public void ForgetFirings(Instant decidedBefore)
    {
        Run("DELETE FROM firings WHERE decided_at < @before AND outcome <> 'Deferred'", new { before = Ticks(decidedBefore) });
        Run("DELETE FROM schedule_changes WHERE sequence < (SELECT MAX(sequence) FROM schedule_changes) - @kept", new { kept = KeptChanges });
    }

    private void InsertSchedules(ComputeInstance instance)
    {
        if (instance.Model.Schedules.Count > 0)
            Replace(instance.Uid, [], instance.Model.Schedules, instance.ModifiedOn);
    }

    // Reading the old list costs a look into a page that is written anyway; hardly any update changes schedules.
    private void UpdateSchedules(ComputeInstance instance)
    {
        string? before = SchedulesOf(instance.Uid);
        if (before is not null && before != ModelJson.Serialize(instance.Model.Schedules))
            Replace(instance.Uid, SchedulesOrNull(before) ?? [], instance.Model.Schedules, instance.ModifiedOn);
    }

    private void RemoveSchedules(Guid instanceUid)
    {
        foreach (ScheduleModel schedule in SchedulesOf(instanceUid) is { } stored ? SchedulesOrNull(stored) ?? [] : [])
            NoteChange(instanceUid, schedule.Id, Instant.FromUnixTimeTicks(0));
    }

    private void Replace(Guid instanceUid, IReadOnlyList<ScheduleModel> before, IReadOnlyList<ScheduleModel> after, Instant at)
    {
        Dictionary<Guid, string> old = before.ToDictionary(schedule => schedule.Id, schedule => ModelJson.Serialize([schedule]));
        Dictionary<Guid, string> now = after.ToDictionary(schedule => schedule.Id, schedule => ModelJson.Serialize([schedule]));
        foreach (Guid id in old.Keys.Union(now.Keys).Where(id => old.GetValueOrDefault(id) != now.GetValueOrDefault(id)))
            NoteChange(instanceUid, id, at);
        Run("UPDATE instances SET schedules = @schedules WHERE uid = @uid", new { uid = Text(instanceUid), schedules = ModelJson.Serialize(after) });
    }

    private string? SchedulesOf(Guid instanceUid) =>
        Connection.QuerySingleOrDefault<string>("SELECT schedules FROM instances WHERE uid = @uid", new { uid = Text(instanceUid) }, Transaction);

    private void NoteChange(Guid instanceUid, Guid scheduleId, Instant at) => Run(
        "INSERT INTO schedule_changes (instance_uid, schedule_id, at) VALUES (@uid, @schedule, @at)",
        new { uid = Text(instanceUid), schedule = Text(scheduleId), at = Ticks(at) });
}
