using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>When a delivery is tried again. Pure.</summary>
internal static class DeliveryRules
{
    private static readonly Duration First = Duration.FromSeconds(2);
    private static readonly Duration Longest = Duration.FromMinutes(5);

    /// <summary>The next try after one that failed: 2, 4, 8 seconds later and so on, at most 5 minutes; null when it would be of no use any more.</summary>
    internal static Instant? NextTry(NoticeDelivery delivery, Instant now)
    {
        Instant next = now + Duration.Min(First * Math.Pow(2, Math.Min(delivery.Attempts - 1, 20)), Longest);
        return next <= delivery.Until ? next : null;
    }
}
