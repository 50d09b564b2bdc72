using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>The notices of idle stops (contract 4.5), kept in step with the rule's decisions. They never delay a stop by themselves.</summary>
internal sealed class IdleNotices(StopNotices notices)
{
    /// <summary>Announces what a decision announces, and ends a notice whose stop does not come any more.</summary>
    internal void Follow(IEngineTransaction transaction, ComputeInstance instance, IdleInput input, IdleDecision decision)
    {
        StopNotice? open = Open(transaction, instance.Uid);
        bool holds = decision.Kind is IdleDecisionKind.Wait or IdleDecisionKind.Notice or IdleDecisionKind.Unheard
            && open is not null && (decision.StopAt is not { } comes || IdleRule.IsSameStop(open.FireAt, comes));
        if (open is not null && !holds)
            StopNotices.Close(transaction, open, decision.Reason);
        if (decision is not { Kind: IdleDecisionKind.Notice, StopAt: { } stopAt })
            return;
        if (open is null || !holds)
            notices.Announce(transaction, instance, new StopWarning(NoticeKind.IdleShutdownPending, null, stopAt, Reason(input, decision), Evidence(input, decision)), input.Now);
        else if (open.State == NoticeState.Snoozed)
            notices.TellAgain(transaction, instance, open, input.Now);
    }

    private static StopNotice? Open(IEngineTransaction transaction, Guid instanceUid) =>
        transaction.ListOpenNotices(instanceUid).FirstOrDefault(notice => notice.Kind == NoticeKind.IdleShutdownPending);

    private static string Reason(IdleInput input, IdleDecision decision)
    {
        int minutes = (int)Math.Max(0, Math.Floor((input.Now - decision.Clock.IdleSince!.Value).TotalMinutes));
        string reason = decision.Clock.IsPutOff
            ? "It is idle, and its stop was put off until then."
            : string.Create(CultureInfo.InvariantCulture, $"It has been idle for {minutes} minutes, and its idle time is {input.Settings.PeriodMinutes} minutes.");
        return input.Identity == IdentityStanding.Insufficient ? $"{reason} {IdleText.LacksContributor}" : reason;
    }

    // Kinds and counts alone: a notice is read by more people than the owner.
    private static string Evidence(IdleInput input, IdleDecision decision) => new JsonObject
    {
        ["idleSince"] = decision.Clock.IdleSince!.Value.ToString(),
        ["idleTimeBeforeShutdown"] = IdleTime.Text(input.Settings.PeriodMinutes!.Value),
        ["signals"] = new JsonArray([.. decision.Signals.Select(signal => new JsonObject
        {
            ["kind"] = signal.Kind.ToString(),
            ["counts"] = signal.Counts,
            ["lastActivity"] = signal.LastActivity?.ToString(),
            ["detail"] = signal.Detail,
        })]),
    }.ToJsonString();
}

/// <summary>What dismissing or snoozing an idle stop does to the idle clock (contract 4.5).</summary>
internal sealed class IdleNoticeEffect(IdleClocks clocks) : INoticeEffect
{
    /// <inheritdoc/>
    public NoticeKind Kind => NoticeKind.IdleShutdownPending;

    /// <inheritdoc/>
    public void Dismissed(IEngineTransaction transaction, ComputeInstance instance, StopNotice notice, Instant now) => clocks.Dismiss(transaction, instance.Uid);

    /// <inheritdoc/>
    public void Snoozed(IEngineTransaction transaction, ComputeInstance instance, StopNotice notice, int minutes, Instant now) =>
        IdleClocks.Snooze(transaction, instance.Uid, Duration.FromMinutes(minutes));
}
