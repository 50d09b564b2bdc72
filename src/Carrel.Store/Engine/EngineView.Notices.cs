using Carrel.Instances.Notices;
using NodaTime;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Notices before stops.</summary>
internal partial class EngineView
{
    public StopNotice? FindNotice(Guid id) => Notices("WHERE id = @id", new { id = Text(id) }).SingleOrDefault();

    public StopNotice? FindNotice(Guid instanceUid, NoticeKind kind, Guid? scheduleId, Instant due) => Notices(
        "WHERE instance_uid = @uid AND kind = @kind AND schedule_id = @schedule AND due = @due",
        new { uid = Text(instanceUid), kind = kind.ToString(), schedule = NoticeRow.Schedule(scheduleId), due = Ticks(due) }).SingleOrDefault();

    public IReadOnlyList<StopNotice> ListNotices(Guid instanceUid, int limit) =>
        Notices("WHERE instance_uid = @uid ORDER BY fire_at DESC, id LIMIT @limit", new { uid = Text(instanceUid), limit });

    public IReadOnlyList<StopNotice> ListOpenNotices(Guid instanceUid) =>
        Notices("WHERE instance_uid = @uid AND state IN ('Pending', 'Snoozed') ORDER BY fire_at", new { uid = Text(instanceUid) });

    public IReadOnlyList<StopNotice> ListNoticesDue(Instant by) => Notices(
        "WHERE state IN ('Pending', 'Snoozed') AND (fire_at <= @by OR tell_at <= @by) ORDER BY fire_at", new { by = Ticks(by) });

    private StopNotice[] Notices(string where, object parameters) =>
        Rows(NoticeRow.Select + where, parameters, NoticeRow.ToNotice);
}
