using Carrel.Engine.Events;
using Carrel.Engine.Schedules;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>A stop that is to be announced.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="ScheduleId">The schedule, or null for an idle stop.</param>
/// <param name="FireAt">When it comes: the deadline. There is one notice for each.</param>
/// <param name="Reason">Why: a whole sentence for people, without the time, such as <c>It has been idle for 55 minutes.</c></param>
/// <param name="Evidence">What the decision rests on, a JSON object; null when the reason says it all.</param>
public sealed record StopWarning(NoticeKind Kind, Guid? ScheduleId, Instant FireAt, string Reason, string? Evidence = null);

/// <summary>
/// The one way in which an automatic stop is announced, be it by schedule or for being idle (contract 3.6, 4.5): the notice, its event and what is to be
/// brought to terminals and webhooks are written in the caller's transaction. It never delays a stop; whoever stops asks for the notice first and obeys it.
/// A snoozed scheduled stop is told again by the executor of schedules; of an idle stop the deadline moves by <see cref="INoticeEffect"/>, so whoever watches
/// idleness calls <see cref="TellAgain"/> for the open notice whose <see cref="StopNotice.FireAt"/> is that deadline.
/// </summary>
public sealed class StopNotices(EngineOptions options, NoticeSignal signal)
{
    // A word after the stop is of use to nobody in the machine; a webhook's reader still wants to know.
    private static readonly Duration WebhooksTryOn = Duration.FromHours(1);

    /// <summary>
    /// Announces a stop, once per deadline. One that had ended, because there was nothing left to stop or its schedule was switched off for a while, is told again.
    /// </summary>
    /// <returns>The notice of that deadline: a new one, or the one that was given before, as it stands now.</returns>
    public StopNotice Announce(IEngineTransaction transaction, ComputeInstance instance, StopWarning warning, Instant now)
    {
        var notice = new StopNotice(
            Guid.NewGuid(), instance.Uid, warning.Kind, warning.ScheduleId, warning.FireAt, warning.FireAt, NoticeState.Pending, warning.Reason, now) { Evidence = warning.Evidence };
        if (transaction.Insert(notice))
        {
            Tell(transaction, instance, notice, now);
            return notice;
        }

        StopNotice known = transaction.FindNotice(instance.Uid, warning.Kind, warning.ScheduleId, warning.FireAt)!;
        return EndedEarly(known, now) ? TellAgain(transaction, instance, known with { Reason = warning.Reason, Evidence = warning.Evidence, Ending = null }, now) : known;
    }

    /// <summary>Whether a notice ended before the time of its stop, which was not dismissed: if that comes after all, it has to be told again.</summary>
    internal static bool EndedEarly(StopNotice notice, Instant now) => notice.State == NoticeState.Done && notice.FireAt > now;

    /// <summary>Tells a stop again: shortly before its new time when it was snoozed.</summary>
    public StopNotice TellAgain(IEngineTransaction transaction, ComputeInstance instance, StopNotice notice, Instant now)
    {
        StopNotice told = notice with { State = NoticeState.Pending, ToldAt = now, TellAt = null };
        transaction.Update(told);
        Tell(transaction, instance, told, now);
        return told;
    }

    /// <summary>Ends an open notice: the stop came, or there is nothing left to stop. A dismissed one keeps its state.</summary>
    /// <param name="transaction">The caller's transaction.</param>
    /// <param name="notice">The notice.</param>
    /// <param name="ending">What became of it, a sentence.</param>
    public static void Close(IEngineTransaction transaction, StopNotice notice, string ending)
    {
        if (notice.IsOpen)
            transaction.Update(notice with { State = NoticeState.Done, TellAt = null, Ending = ending });
    }

    /// <summary>
    /// Ends the open notices of an instance that is off or on its way there: there is nothing left to stop. Of any other instance it ends none. A scheduled stop that was
    /// put off stands until its new time, because the instance may be on again by then.
    /// </summary>
    /// <param name="transaction">The transaction of what led to that state.</param>
    /// <param name="instanceUid">The instance.</param>
    /// <param name="state">Its state now.</param>
    /// <param name="ending">What led to it, a sentence.</param>
    public static void CloseIfOff(IEngineTransaction transaction, Guid instanceUid, InstanceState state, string ending)
    {
        if (!FiringRules.IsWorthANotice(state))
            CloseAll(transaction, instanceUid, notice => notice.Kind == NoticeKind.IdleShutdownPending || notice.Snoozed == Duration.Zero, ending);
    }

    /// <summary>Ends the open notices of an instance that are of a kind.</summary>
    public static void CloseKind(IEngineTransaction transaction, Guid instanceUid, NoticeKind kind, string ending) =>
        CloseAll(transaction, instanceUid, notice => notice.Kind == kind, ending);

    /// <summary>Ends the open notices of stops that no schedule of an instance causes any more; in the transaction that changed its schedules.</summary>
    public static void CloseUnscheduled(IEngineTransaction transaction, Guid instanceUid, string ending) => CloseAll(
        transaction,
        instanceUid,
        notice => notice.ScheduleId is { } schedule
            && FiringContext.Find(transaction, new ScheduleKey(instanceUid, schedule), notice.Due)?.Schedule.Action != ScheduleAction.Stop,
        ending);

    private static void CloseAll(IEngineTransaction transaction, Guid instanceUid, Func<StopNotice, bool> which, string ending)
    {
        foreach (StopNotice notice in transaction.ListOpenNotices(instanceUid).Where(which))
            Close(transaction, notice, ending);
    }

    /// <summary>The words of an event's <c>cause</c>.</summary>
    internal static string CauseOf(NoticeKind kind) =>
        (kind == NoticeKind.ScheduledShutdownPending ? OperationTrigger.Schedule : OperationTrigger.IdleShutdown).ToString();

    private void Tell(IEngineTransaction transaction, ComputeInstance instance, StopNotice notice, Instant now)
    {
        transaction.Append(new ActivityEvent(
            now,
            Service.Principal,
            "Carrel/" + notice.Kind,
            instance.Address.ResourceId,
            "Active",
            CauseOf(notice.Kind),
            NoticeText.Detail(notice),
            "",
            notice.Id.ToString("D")));
        if (instance.State.PrivateAddress is not null)
            Queue(transaction, notice, NoticeDelivery.Terminal, "", now, notice.FireAt);
        foreach (Uri webhook in options.Notices.Webhooks)
            Queue(transaction, notice, webhook.AbsoluteUri, WebhookBody.Write(instance, notice, options.Notices.PublicUrl), now, notice.FireAt + WebhooksTryOn);
        signal.Raise();
    }

    private static void Queue(IEngineTransaction transaction, StopNotice notice, string channel, string payload, Instant now, Instant until) =>
        transaction.Queue(new NoticeDelivery(Guid.NewGuid(), notice.Id, channel, payload, Attempts: 0, now, until));
}
