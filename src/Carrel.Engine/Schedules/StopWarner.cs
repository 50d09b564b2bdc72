using System.Collections.Concurrent;
using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Schedules;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>
/// Announces scheduled stops, once each: at the lead before, or as soon as an instance runs whose stop is nearer (contract 3.6). What
/// cannot be written is tried again until its time has come; else it remembers nothing that matters.
/// </summary>
internal sealed partial class StopWarner(IEngineStore store, StopNotices notices, EngineOptions options, ILogger<StopWarner> logger)
{
    private const int LargestBatch = 128;
    private const int LookedAtNotices = 20;

    // What could not be announced, for a full disk say. The calendar has handed it out and will not do so again.
    private readonly ConcurrentDictionary<DueFiring, byte> _failed = new();

    private Instant _lookedAt = Instant.MinValue;

    /// <summary>Announces what is near.</summary>
    /// <param name="stops">The calendar of stops.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task WarnAsync(FiringCalendar stops, Instant now, CancellationToken cancellation)
    {
        foreach (DueFiring failed in _failed.Keys)
        {
            _failed.TryRemove(failed, out _);
            await WarnAsync(failed, now, cancellation);
        }

        IReadOnlyList<DueFiring> near;
        do
        {
            near = stops.TakeDue(now + options.Notices.ScheduledLead, LargestBatch);
            await Task.WhenAll(near.Select(stop => WarnAsync(stop, now, cancellation)));
        }
        while (near.Count > 0);

        await WarnStartedAsync(now, cancellation);
        await TellAgainAsync(now, cancellation);
    }

    private async Task WarnAsync(DueFiring stop, Instant now, CancellationToken cancellation)
    {
        try
        {
            if (await store.ReadAsync(view => Near(view, stop, now) is not null, cancellation))
                await store.WriteAsync(transaction => Announce(transaction, stop, now), cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // The others of its batch are announced all the same.
            LogFault(fault, stop.Key.InstanceId, stop.Due);
            _failed.TryAdd(stop, 0);
        }
    }

    private bool Announce(IEngineTransaction transaction, DueFiring stop, Instant now)
    {
        if (Near(transaction, stop, now) is not { } context)
            return false;
        string reason = $"This is the schedule {ScheduleWords.Of(context.Schedule)}, at {ScheduleWords.WallTime(context.Schedule, stop.Due)} there.";
        notices.Announce(transaction, context.Instance, new StopWarning(NoticeKind.ScheduledShutdownPending, stop.Key.ScheduleId, stop.Due, reason), now);
        return true;
    }

    // A stop that is to be announced, or told again because its notice had ended before it comes; null when there is nothing to tell.
    private static FiringContext? Near(IEngineView view, DueFiring stop, Instant now)
    {
        StopNotice? told = view.FindNotice(stop.Key.InstanceId, NoticeKind.ScheduledShutdownPending, stop.Key.ScheduleId, stop.Due);
        return (told is null ? stop.Due > now : StopNotices.EndedEarly(told, now))
            && FiringContext.Find(view, stop.Key, stop.Due) is { Schedule.Action: ScheduleAction.Stop } context
            && FiringRules.IsWorthANotice(context.Instance.State.State)
            && view.FindFiring(stop.Key.InstanceId, stop.Key.ScheduleId, stop.Due) is null
            ? context
            : null;
    }

    // Instances that came up since the last look, or whose stop failed; a moment twice rather than one never.
    private async Task WarnStartedAsync(Instant now, CancellationToken cancellation)
    {
        Instant since = Instant.Max(_lookedAt, now - Duration.FromMinutes(2)) - Duration.FromSeconds(5);
        IReadOnlyList<DueFiring> stops = await store.ReadAsync(
            view => view.ListTargetsOfOperationsSince(since).SelectMany(uid => StopsOf(view, uid, now)).ToArray(), cancellation);
        foreach (DueFiring stop in stops)
            await WarnAsync(stop, now, cancellation);
        _lookedAt = now;
    }

    // The near ones, and those that were put off from a time that has passed.
    private IEnumerable<DueFiring> StopsOf(IEngineView view, Guid instanceUid, Instant now)
    {
        if (view.FindReadableInstance(instanceUid) is not { } instance || !FiringRules.IsWorthANotice(instance.State.State))
            return [];
        IEnumerable<DueFiring> near = instance.Model.Schedules
            .Where(schedule => schedule is { Status: ScheduleStatus.Enabled, Action: ScheduleAction.Stop })
            .Select(schedule => (schedule.Id, Due: FiringTimes.TryOf(schedule)?.Next(now)))
            .Where(next => next.Due <= now + options.Notices.ScheduledLead)
            .Select(next => new DueFiring(new ScheduleKey(instanceUid, next.Id), next.Due!.Value));
        IEnumerable<DueFiring> putOff = view.ListNotices(instanceUid, LookedAtNotices)
            .Where(notice => notice.ScheduleId is not null && notice.Due <= now && StopNotices.EndedEarly(notice, now))
            .Select(notice => new DueFiring(new ScheduleKey(instanceUid, notice.ScheduleId!.Value), notice.Due));
        return near.Concat(putOff);
    }

    private async Task TellAgainAsync(Instant now, CancellationToken cancellation)
    {
        IReadOnlyList<StopNotice> due = await store.ReadAsync(view => view.ListNoticesDue(now), cancellation);
        foreach (StopNotice notice in due.Where(notice => IsToBeToldAgain(notice, now)))
            await TellAgainAsync(notice, now, cancellation);
    }

    private async Task TellAgainAsync(StopNotice notice, Instant now, CancellationToken cancellation)
    {
        try
        {
            await store.WriteAsync(
                transaction =>
                {
                    if (transaction.FindNotice(notice.Id) is { } current && IsToBeToldAgain(current, now) && transaction.FindInstance(current.InstanceUid) is { } instance)
                        notices.TellAgain(transaction, instance, current, now);
                    return true;
                },
                cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // It is listed again in the next round; the others have their turn in this one.
            LogFault(fault, notice.InstanceUid, notice.FireAt);
        }
    }

    private static bool IsToBeToldAgain(StopNotice notice, Instant now) =>
        notice is { Kind: NoticeKind.ScheduledShutdownPending, State: NoticeState.Snoozed, TellAt: { } at } && at <= now && notice.FireAt > now;

    [LoggerMessage(1207, LogLevel.Error, "The stop of instance {InstanceUid} at {Due} could not be announced; this is tried again")]
    private partial void LogFault(Exception fault, Guid instanceUid, Instant due);
}
