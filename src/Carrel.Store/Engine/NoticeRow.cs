using System.Data;
using Carrel.Engine.Notices;
using Carrel.Instances.Notices;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>stop_notices</c>.</summary>
internal static class NoticeRow
{
    internal const string Select =
        "SELECT id, instance_uid, kind, schedule_id, due, fire_at, state, reason, told_at, tell_at, evidence, decided_by, decided_at, ending FROM stop_notices ";

    internal static StopNotice ToNotice(IDataRecord row) => new(
        ToGuid(row.GetString(0)),
        ToGuid(row.GetString(1)),
        ToEnum<NoticeKind>(row.GetString(2)),
        row.GetString(3) is { Length: > 0 } schedule ? ToGuid(schedule) : null,
        ToInstant(row.GetInt64(4)),
        ToInstant(row.GetInt64(5)),
        ToEnum<NoticeState>(row.GetString(6)),
        row.GetString(7),
        ToInstant(row.GetInt64(8)),
        InstantOrNull(row, 9))
    {
        Evidence = TextOrNull(row, 10),
        DecidedBy = TextOrNull(row, 11),
        DecidedAt = InstantOrNull(row, 12),
        Ending = TextOrNull(row, 13),
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
