using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>firings</c>.</summary>
internal sealed class FiringRow
{
    internal const string Select = "SELECT instance_uid, schedule_id, due, action, outcome, reason, decided_at, operation_id FROM firings ";

    public string instance_uid { get; init; } = "";
    public string schedule_id { get; init; } = "";
    public long due { get; init; }
    public string action { get; init; } = "";
    public string outcome { get; init; } = "";
    public string reason { get; init; } = "";
    public long decided_at { get; init; }
    public string? operation_id { get; init; }

    internal ScheduleFiring ToFiring() => new(
        ToGuid(instance_uid),
        ToGuid(schedule_id),
        ToInstant(due),
        ToEnum<ScheduleAction>(action),
        ToEnum<FiringOutcome>(outcome),
        reason,
        ToInstant(decided_at),
        operation_id is null ? null : ToGuid(operation_id));

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
