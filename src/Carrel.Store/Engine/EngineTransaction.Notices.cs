using Carrel.Engine.Notices;
using Carrel.Instances.Notices;
using Dapper;
using NodaTime;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Notices before stops, and what of them is still to be told.</summary>
internal sealed partial class EngineTransaction
{
    public bool Insert(StopNotice notice) => Run(
        """
        INSERT INTO stop_notices (id, instance_uid, kind, schedule_id, due, fire_at, state, reason, told_at, tell_at, evidence, decided_by, decided_at, ending)
        VALUES (@id, @uid, @kind, @schedule, @due, @fireAt, @state, @reason, @toldAt, @tellAt, @evidence, @decidedBy, @decidedAt, @ending)
        ON CONFLICT (instance_uid, kind, schedule_id, due) DO NOTHING
        """,
        NoticeRow.Parameters(notice)) == 1;

    public void Update(StopNotice notice) => Run(
        """
        UPDATE stop_notices SET fire_at = @fireAt, state = @state, reason = @reason, told_at = @toldAt, tell_at = @tellAt, evidence = @evidence,
               decided_by = @decidedBy, decided_at = @decidedAt, ending = @ending
        WHERE id = @id
        """,
        NoticeRow.Parameters(notice));

    public void ForgetNotices(Instant before) => Run("DELETE FROM stop_notices WHERE fire_at < @before", new { before = Ticks(before) });

    public void Queue(NoticeDelivery delivery) => Run(
        "INSERT INTO notice_deliveries (id, notice_id, channel, payload, attempts, next_at, until) VALUES (@id, @notice, @channel, @payload, @attempts, @nextAt, @until)",
        new
        {
            id = Text(delivery.Id),
            notice = Text(delivery.NoticeId),
            channel = delivery.Channel,
            payload = delivery.Payload,
            attempts = delivery.Attempts,
            nextAt = Ticks(delivery.NextAt),
            until = Ticks(delivery.Until),
        });

    public NoticeDelivery? ClaimDelivery(Instant now, Instant nextAt) =>
        Connection.Query<DeliveryRow>(
            $"""
            UPDATE notice_deliveries SET attempts = attempts + 1, next_at = @nextAt
            WHERE id = (SELECT id FROM notice_deliveries WHERE next_at <= @now ORDER BY next_at LIMIT 1)
            RETURNING {DeliveryRow.Names}
            """,
            new { now = Ticks(now), nextAt = Ticks(nextAt) },
            Transaction).SingleOrDefault()?.ToDelivery();

    public void Postpone(Guid deliveryId, Instant nextAt) =>
        Run("UPDATE notice_deliveries SET next_at = @nextAt WHERE id = @id", new { id = Text(deliveryId), nextAt = Ticks(nextAt) });

    public void Finish(Guid deliveryId) => Run("DELETE FROM notice_deliveries WHERE id = @id", new { id = Text(deliveryId) });
}
