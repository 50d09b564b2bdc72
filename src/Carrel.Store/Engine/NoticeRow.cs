using Carrel.Engine.Notices;
using Carrel.Instances.Notices;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>stop_notices</c>.</summary>
internal sealed class NoticeRow
{
    internal const string Select =
        "SELECT id, instance_uid, kind, schedule_id, due, fire_at, state, reason, told_at, tell_at, evidence, decided_by, decided_at, ending FROM stop_notices ";

    public string id { get; init; } = "";
    public string instance_uid { get; init; } = "";
    public string kind { get; init; } = "";
    public string schedule_id { get; init; } = "";
    public long due { get; init; }
    public long fire_at { get; init; }
    public string state { get; init; } = "";
    public string reason { get; init; } = "";
    public long told_at { get; init; }
    public long? tell_at { get; init; }
    public string? evidence { get; init; }
    public string? decided_by { get; init; }
    public long? decided_at { get; init; }
    public string? ending { get; init; }

    internal StopNotice ToNotice() => new(
        ToGuid(id),
        ToGuid(instance_uid),
        ToEnum<NoticeKind>(kind),
        schedule_id.Length == 0 ? null : ToGuid(schedule_id),
        ToInstant(due),
        ToInstant(fire_at),
        ToEnum<NoticeState>(state),
        reason,
        ToInstant(told_at),
        tell_at is { } tell ? ToInstant(tell) : null)
    {
        Evidence = evidence,
        DecidedBy = decided_by,
        DecidedAt = decided_at is { } decided ? ToInstant(decided) : null,
        Ending = ending,
    };

    internal static object Parameters(StopNotice notice) => new
    {
        id = Text(notice.Id),
        uid = Text(notice.InstanceUid),
        kind = notice.Kind.ToString(),
        schedule = Schedule(notice.ScheduleId),
        due = Ticks(notice.Due),
        fireAt = Ticks(notice.FireAt),
        state = notice.State.ToString(),
        reason = notice.Reason,
        toldAt = Ticks(notice.ToldAt),
        tellAt = notice.TellAt is { } tell ? Ticks(tell) : (long?)null,
        evidence = notice.Evidence,
        decidedBy = notice.DecidedBy,
        decidedAt = notice.DecidedAt is { } decided ? Ticks(decided) : (long?)null,
        ending = notice.Ending,
    };

    internal static string Schedule(Guid? scheduleId) => scheduleId is { } id ? Text(id) : "";
}

/// <summary>A row of <c>notice_deliveries</c>.</summary>
internal sealed class DeliveryRow
{
    internal const string Names = "id, notice_id, channel, payload, attempts, next_at, until";

    public string id { get; init; } = "";
    public string notice_id { get; init; } = "";
    public string channel { get; init; } = "";
    public string payload { get; init; } = "";
    public long attempts { get; init; }
    public long next_at { get; init; }
    public long until { get; init; }

    internal NoticeDelivery ToDelivery() => new(ToGuid(id), ToGuid(notice_id), channel, payload, (int)attempts, ToInstant(next_at), ToInstant(until));
}
