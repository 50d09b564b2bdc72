namespace Carrel.Engine.Notices;

/// <summary>A way to bring a notice to somebody.</summary>
internal interface INoticeChannel
{
    /// <summary>Whether it is the way of a delivery.</summary>
    bool Takes(NoticeDelivery delivery);

    /// <summary>Tries once.</summary>
    /// <returns>Null when it arrived or never can; otherwise why it did not, and it is tried again.</returns>
    Task<string?> TryAsync(NoticeDelivery delivery, CancellationToken cancellation);
}
