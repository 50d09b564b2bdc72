using System.Data;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>firings</c>.</summary>
internal static class FiringRow
{
    internal const string Select = "SELECT instance_uid, schedule_id, due, action, outcome, reason, decided_at, operation_id FROM firings ";

    internal static ScheduleFiring ToFiring(IDataRecord row) => new(
        ToGuid(row.GetString(0)),
        ToGuid(row.GetString(1)),
        ToInstant(row.GetInt64(2)),
        ToEnum<ScheduleAction>(row.GetString(3)),
        ToEnum<FiringOutcome>(row.GetString(4)),
        row.GetString(5),
        ToInstant(row.GetInt64(6)),
        TextOrNull(row, 7) is { } operation ? ToGuid(operation) : null);

    internal static object Parameters(ScheduleFiring firing) => new
    {
        uid = Text(firing.InstanceUid),
        schedule = Text(firing.ScheduleId),
        due = Ticks(firing.Due),
        action = firing.Action.ToString(),
        outcome = firing.Outcome.ToString(),
        reason = firing.Reason,
        decidedAt = Ticks(firing.DecidedAt),
        operation = firing.OperationId is { } id ? Text(id) : null,
    };
}
