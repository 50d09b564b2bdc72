using Carrel.Engine.Notices;
using Carrel.Instances.Notices;
using NodaTime;

namespace Carrel.Engine.Storage;

/// <summary>What can be read about announced stops.</summary>
public interface INoticeView
{
    /// <summary>The notice of an id, or null.</summary>
    StopNotice? FindNotice(Guid id);

    /// <summary>The notice of a deadline, or null.</summary>
    StopNotice? FindNotice(Guid instanceUid, NoticeKind kind, Guid? scheduleId, Instant due);

    /// <summary>Notices of an instance, the latest stop first.</summary>
    IReadOnlyList<StopNotice> ListNotices(Guid instanceUid, int limit);

    /// <summary>Open notices of an instance, the next stop first.</summary>
    IReadOnlyList<StopNotice> ListOpenNotices(Guid instanceUid);

    /// <summary>Open notices whose stop has come by an instant, or that are to be told again by then.</summary>
    IReadOnlyList<StopNotice> ListNoticesDue(Instant by);
}

/// <summary>What can be written about announced stops.</summary>
public interface INoticeWrites
{
    /// <summary>Inserts a notice.</summary>
    /// <returns>False when there is one of that deadline: nothing was written.</returns>
    bool Insert(StopNotice notice);

    /// <summary>Replaces a notice.</summary>
    void Update(StopNotice notice);

    /// <summary>Removes notices whose stop was to come before an instant.</summary>
    void ForgetNotices(Instant before);

    /// <summary>Queues what is to be told.</summary>
    void Queue(NoticeDelivery delivery);

    /// <summary>Takes the delivery that has waited longest; nobody else gets it until <paramref name="nextAt"/>.</summary>
    /// <returns>The delivery, its attempt counted; null when none is due.</returns>
    NoticeDelivery? ClaimDelivery(Instant now, Instant nextAt);

    /// <summary>Moves a delivery to its next try.</summary>
    void Postpone(Guid deliveryId, Instant nextAt);

    /// <summary>Removes a delivery: it arrived, or it is given up.</summary>
    void Finish(Guid deliveryId);
}
