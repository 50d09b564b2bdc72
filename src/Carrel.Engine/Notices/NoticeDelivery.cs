using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>Something about a notice that is still to be brought somewhere. It is queued in the transaction of the notice, so a crash loses none.</summary>
/// <param name="Id">Its id; a webhook gets it, to know a repetition by.</param>
/// <param name="NoticeId">The notice.</param>
/// <param name="Channel"><see cref="Terminal"/>, or the address of a webhook.</param>
/// <param name="Payload">The JSON for a webhook; empty for terminals, whose text says how long is left and is written when it is shown.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextAt">When it is tried next.</param>
/// <param name="Until">After this it is of no use any more.</param>
public sealed record NoticeDelivery(Guid Id, Guid NoticeId, string Channel, string Payload, int Attempts, Instant NextAt, Instant Until)
{
    /// <summary>The channel of the instance's own terminals.</summary>
    public const string Terminal = "terminal";
}
