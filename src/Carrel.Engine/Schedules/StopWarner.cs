using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Schedules.Firing;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>
/// Announces scheduled stops, once each: at the lead before, or as soon as an instance runs whose stop is nearer (contract 3.6). Which stops are near and not
/// worth a notice yet, because the instance is off, is remembered in memory and found again by any other server.
/// </summary>
internal sealed class StopWarner(IEngineStore store, StopNotices notices, EngineOptions options)
{
    private const int LargestBatch = 128;

    private readonly Dictionary<Guid, List<DueFiring>> _off = [];

    private Instant _lookedAt = Instant.MinValue;

    /// <summary>Announces what is near.</summary>
    /// <param name="stops">The calendar of stops.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task WarnAsync(FiringCalendar stops, Instant now, CancellationToken cancellation)
    {
        // One batch each time: what falls due while ten thousand are announced does not wait for the last of them.
        IReadOnlyList<DueFiring> near = stops.TakeDue(now + options.Notices.ScheduledLead, LargestBatch);
        await Task.WhenAll(near.Where(stop => stop.Due > now).Select(stop => WarnAsync(stop, now, cancellation)));
        await WarnStartedAsync(now, cancellation);
        await TellAgainAsync(now, cancellation);
    }

    private async Task WarnAsync(DueFiring stop, Instant now, CancellationToken cancellation)
    {
        FiringContext? context = await store.ReadAsync(view => FiringContext.Find(view, stop.Key, stop.Due), cancellation);
        if (context is null)
            return;
        if (!FiringRules.IsWorthANotice(context.Instance.State.State))
        {
            lock (_off)
                (_off.TryGetValue(stop.Key.InstanceId, out List<DueFiring>? known) ? known : _off[stop.Key.InstanceId] = []).Add(stop);
            return;
        }

        await store.WriteAsync(transaction => Announce(transaction, stop, now), cancellation);
    }

    private bool Announce(IEngineTransaction transaction, DueFiring stop, Instant now)
    {
        if (FiringContext.Find(transaction, stop.Key, stop.Due) is not { } context || !FiringRules.IsWorthANotice(context.Instance.State.State))
            return false;
        string reason = $"This is the schedule {ScheduleWords.Of(context.Schedule)}, at {ScheduleWords.WallTime(context.Schedule, stop.Due)} there.";
        notices.Announce(transaction, context.Instance, new StopWarning(NoticeKind.ScheduledShutdownPending, stop.Key.ScheduleId, stop.Due, reason), now);
        return true;
    }

    // What came up since the last look; a moment twice rather than one never.
    private async Task WarnStartedAsync(Instant now, CancellationToken cancellation)
    {
        Instant since = Instant.Max(_lookedAt, now - Duration.FromMinutes(2)) - Duration.FromSeconds(5);
        _lookedAt = now;
        foreach ((Guid uid, List<DueFiring> stops) in _off)
        {
            if (stops.RemoveAll(stop => stop.Due <= now) > 0 && stops.Count == 0)
                _off.Remove(uid);
        }

        if (_off.Count == 0)
            return;
        foreach (Guid uid in await store.ReadAsync(view => view.ListTargetsOfOperationsSince(since), cancellation))
        {
            if (!_off.Remove(uid, out List<DueFiring>? stops))
                continue;
            foreach (DueFiring stop in stops)
                await WarnAsync(stop, now, cancellation);
        }
    }

    private async Task TellAgainAsync(Instant now, CancellationToken cancellation)
    {
        IReadOnlyList<StopNotice> due = await store.ReadAsync(view => view.ListNoticesDue(now), cancellation);
        foreach (StopNotice notice in due.Where(notice => IsToBeToldAgain(notice, now)))
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
    }

    private static bool IsToBeToldAgain(StopNotice notice, Instant now) =>
        notice is { Kind: NoticeKind.ScheduledShutdownPending, State: NoticeState.Snoozed, TellAt: { } at } && at <= now && notice.FireAt > now;
}
