using System.Collections.Concurrent;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Schedules;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>
/// Fires schedules (contract 3.5) and announces stops. In each round: what changed, what is due, what waited for an instance to come to rest, what is to be
/// announced. It sleeps until the next instant at which something is to be done, and looks at the store every second for what other servers changed.
/// </summary>
internal sealed partial class ScheduleExecutor(
    IEngineStore store, ScheduleFollower follower, StopWarner warner, Firings firings, OperationSignal operations, EngineOptions options, TimeProvider time, ILogger<ScheduleExecutor> logger)
    : BackgroundService
{
    // Two of these wait for the store's writer at most, and whoever else writes waits behind them: some hundredths of a second.
    private const int LargestBatch = 64;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly Duration MarkEvery = Duration.FromSeconds(30);
    private static readonly Duration ForgetEvery = Duration.FromHours(1);
    private static readonly Duration KeepFor = Duration.FromDays(30);

    // What could not be recorded, for a full disk say; tried again until it is, and missed by then as a rule.
    private readonly ConcurrentQueue<DueFiring> _failed = new();

    private Instant _marked = Instant.MinValue;
    private Instant _forgot = Instant.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A start of the server waits for none of this.
        await Task.Yield();
        Task filling = Task.CompletedTask;
        bool begun = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan pause = LookEvery;
            try
            {
                if (!begun)
                {
                    await follower.BeginAsync(stoppingToken);
                    begun = true;
                }

                if (!follower.IsFull && filling.IsCompleted)
                    filling = FillAsync(stoppingToken);
                await RoundAsync(stoppingToken);
                pause = UntilNext();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                LogFault(fault);
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await filling;
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        try
        {
            long begun = time.GetTimestamp();
            await Task.Run(() => follower.FillAsync((key, missed) => MissedManyAsync(key, missed, cancellation), cancellation), cancellation);
            LogFilled(follower.Firings.Count, time.GetElapsedTime(begun).TotalMilliseconds);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception fault)
        {
            LogFault(fault);
        }
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        await follower.FollowAsync(cancellation);
        Instant now = Now();
        bool began = await FireDueAsync(now, cancellation);
        began |= await FireSnoozedAsync(now, cancellation);
        began |= await FireDeferredAsync(now, cancellation);
        if (began)
            operations.Raise();
        // Behind what is due: ten thousand notices take a while, and each still comes well before its stop.
        await warner.WarnAsync(follower.Stops, now, cancellation);
        await MarkAsync(now, cancellation);
    }

    private async Task<bool> FireDueAsync(Instant now, CancellationToken cancellation)
    {
        bool began = false;
        for (int again = _failed.Count; again > 0 && _failed.TryDequeue(out DueFiring failed); again--)
            began |= await FireAsync(failed, Now(), cancellation);
        // Side by side, so that the store's writer puts them into few commits; in the order of their time, which it keeps. The next are handed over before
        // the last ones are through, so that it never waits for them.
        Task<bool[]> last = Task.FromResult<bool[]>([]);
        while (follower.Firings.TakeDue(now, LargestBatch) is { Count: > 0 } due)
        {
            Task<bool[]> next = Task.WhenAll(due.Select(firing => FireAsync(firing, now, cancellation)));
            began |= Any(await last);
            last = next;
        }

        began |= Any(await last);
        return began;
    }

    // The operations that were begun are run while the rest is still fired.
    private bool Any(bool[] began)
    {
        if (!began.Contains(true))
            return false;
        operations.Raise();
        return true;
    }

    // True when it began an operation.
    private async Task<bool> FireAsync(DueFiring firing, Instant now, CancellationToken cancellation)
    {
        try
        {
            ScheduleFiring? done = await store.WriteAsync(transaction => firings.Fire(transaction, firing, now), cancellation);
            if (done is not null)
                LogFired(done.Action, done.InstanceUid, done.Due, done.Outcome);
            return done?.Outcome == FiringOutcome.Ran;
        }
        catch (FiringTakenException)
        {
            return false;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFiringFault(fault, firing.Key.InstanceId, firing.Due);
            _failed.Enqueue(firing);
            return false;
        }
    }

    // The calendar gave these out at their first time, when they were put off already.
    private async Task<bool> FireSnoozedAsync(Instant now, CancellationToken cancellation)
    {
        IReadOnlyList<StopNotice> due = await store.ReadAsync(view => view.ListNoticesDue(now), cancellation);
        bool began = false;
        foreach (StopNotice notice in due.Where(notice => notice is { Kind: NoticeKind.ScheduledShutdownPending, ScheduleId: not null } && notice.FireAt <= now && notice.Snoozed > Duration.Zero))
            began |= await FireAsync(new DueFiring(new ScheduleKey(notice.InstanceUid, notice.ScheduleId!.Value), notice.Due), now, cancellation);
        return began;
    }

    private async Task<bool> FireDeferredAsync(Instant now, CancellationToken cancellation)
    {
        IReadOnlyList<ScheduleFiring> ready = await store.ReadAsync(
            view => view.ListDeferredFirings().Where(waiting => Firings.EndsWaiting(view, waiting, now)).ToArray(), cancellation);
        bool began = false;
        foreach (ScheduleFiring waiting in ready)
        {
            try
            {
                ScheduleFiring? done = await store.WriteAsync(transaction => firings.FireDeferred(transaction, waiting, now), cancellation);
                if (done is not null)
                    LogFired(done.Action, done.InstanceUid, done.Due, done.Outcome);
                began |= done?.Outcome == FiringOutcome.Ran;
            }
            catch (FiringTakenException)
            {
                // The other server's decision stands.
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                // It waits on, and those behind it have their turn.
                LogFiringFault(fault, waiting.InstanceUid, waiting.Due);
            }
        }

        return began;
    }

    private Task<bool> MissedManyAsync(ScheduleKey key, MissedOccurrences missed, CancellationToken cancellation) => store.WriteAsync(
        transaction =>
        {
            Instant now = Now();
            if (FiringContext.Find(transaction, key, missed.First) is not { } context)
                return false;
            var claim = new ScheduleFiring(key.InstanceId, key.ScheduleId, missed.First, context.Schedule.Action, FiringOutcome.Missed, $"{missed.Count} were missed.", now);
            if (!transaction.Claim(claim))
                return false;
            transaction.Append(FiringEvents.ManyMissed(context, missed, now));
            return true;
        },
        cancellation);

    // Everything up to now was looked at: what is missed by the next server is behind it.
    private async Task MarkAsync(Instant now, CancellationToken cancellation)
    {
        if (!follower.IsFull || !_failed.IsEmpty || now - _marked < MarkEvery)
            return;
        bool forget = now - _forgot >= ForgetEvery;
        await store.WriteAsync(
            transaction =>
            {
                transaction.MarkFiringsLookedUntil(now);
                if (forget)
                {
                    transaction.ForgetFirings(now - KeepFor);
                    transaction.ForgetNotices(now - KeepFor);
                }

                return true;
            },
            cancellation);
        _marked = now;
        _forgot = forget ? now : _forgot;
    }

    private TimeSpan UntilNext()
    {
        Instant now = Now();
        Instant next = now + Duration.FromTimeSpan(LookEvery);
        if (follower.Firings.NextDue is { } due && due < next)
            next = due;
        if (follower.Stops.NextDue is { } stop && stop - options.Notices.ScheduledLead < next)
            next = stop - options.Notices.ScheduledLead;
        return next > now ? (next - now).ToTimeSpan() : TimeSpan.Zero;
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    [LoggerMessage(1201, LogLevel.Information, "{Action} of instance {InstanceUid}, due at {Due}: {Outcome}")]
    private partial void LogFired(ScheduleAction action, Guid instanceUid, Instant due, FiringOutcome outcome);

    [LoggerMessage(1202, LogLevel.Error, "A firing of instance {InstanceUid}, due at {Due}, could not be recorded and is tried again")]
    private partial void LogFiringFault(Exception fault, Guid instanceUid, Instant due);

    [LoggerMessage(1203, LogLevel.Error, "Schedules could not be looked at; this is repeated")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(1204, LogLevel.Information, "{Count} schedules are waiting for their next firing, read in {Milliseconds:0} ms")]
    private partial void LogFilled(int count, double milliseconds);
}
