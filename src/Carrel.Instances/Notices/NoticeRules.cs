using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Notices;

/// <summary>What a dismissal or snooze leads to.</summary>
/// <param name="Notice">The notice afterwards; null when it is refused.</param>
/// <param name="Refusal">Why not; null when it is done.</param>
/// <param name="IsConflict">True when it is the moment that does not allow it (409), false when the request is wrong (400).</param>
public sealed record NoticeDecision(StopNotice? Notice, Finding? Refusal, bool IsConflict = false);

/// <summary>When a stop is announced, and what may be done about it (contract 3.6). Pure.</summary>
public static class NoticeRules
{
    /// <summary>Minutes before a scheduled stop unless the operator says otherwise.</summary>
    public const int DefaultLeadMinutes = 15;

    /// <summary>Most minutes one stop can be put off, over all snoozes.</summary>
    public const int LongestSnoozeMinutes = 240;

    /// <summary>The minutes of one snooze.</summary>
    public static IReadOnlyList<int> SnoozeMinutes { get; } = [15, 30, 60, 120];

    /// <summary>When a stop is announced: the lead before it, and at once when it is nearer.</summary>
    public static Instant TellAt(Instant fireAt, Duration lead, Instant now) => Instant.Max(fireAt - lead, now);

    /// <summary>Takes one stop back: this occurrence alone. Dismissing again changes nothing.</summary>
    public static NoticeDecision Dismiss(StopNotice notice, string who, Instant now)
    {
        if (notice.State == NoticeState.Dismissed)
        {
            return new NoticeDecision(notice, null);
        }

        return Closed(notice, now) ?? new NoticeDecision(
            notice with { State = NoticeState.Dismissed, TellAt = null, DecidedBy = who, DecidedAt = now, Ending = $"Dismissed by {who}." },
            null);
    }

    /// <summary>Puts one stop off; it is told again before its new time.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="minutes">By how much.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="now">Now.</param>
    /// <param name="lead">How long before a stop it is told.</param>
    /// <param name="nextStart">The next time a schedule starts the instance, or null.</param>
    public static NoticeDecision Snooze(StopNotice notice, int? minutes, string who, Instant now, Duration lead, Instant? nextStart)
    {
        if (minutes is not { } length || !SnoozeMinutes.Contains(length))
        {
            return new NoticeDecision(null, new Finding(
                FindingCodes.InvalidSnooze, $"'minutes' must be one of {string.Join(", ", SnoozeMinutes)}.", "minutes"));
        }

        if (Closed(notice, now) is { } closed)
        {
            return closed;
        }

        var fireAt = notice.FireAt + Duration.FromMinutes(length);
        if (fireAt - notice.Due > Duration.FromMinutes(LongestSnoozeMinutes))
        {
            return Conflict(
                FindingCodes.SnoozeLimitReached,
                $"A stop can be put off by {LongestSnoozeMinutes} minutes in all, and this one already was by {notice.Snoozed.TotalMinutes:0}. Dismiss it instead, or change the schedule.",
                notice);
        }

        if (nextStart is { } start && fireAt >= start)
        {
            return Conflict(
                FindingCodes.SnoozeReachesNextStart,
                $"The stop would come at {fireAt}, and a schedule starts the instance at {start}: dismiss the stop instead.",
                notice);
        }

        return new NoticeDecision(
            notice with { State = NoticeState.Snoozed, FireAt = fireAt, TellAt = TellAt(fireAt, lead, now), DecidedBy = who, DecidedAt = now },
            null);
    }

    private static NoticeDecision? Closed(StopNotice notice, Instant now) => notice.IsOpen && notice.FireAt > now
        ? null
        : Conflict(
            FindingCodes.NoticeNotPending,
            notice.State == NoticeState.Dismissed ? "This stop was dismissed already." : "This stop is over or comes right now: there is nothing left to put off.",
            notice);

    private static NoticeDecision Conflict(string code, string message, StopNotice notice) =>
        new(null, new Finding(code, message, notice.Id.ToString("D")), IsConflict: true);
}
