using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules;
using Carrel.Instances.Specs;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>
/// Keeps the two calendars of a server in step with the store: that of all firings, and that of the stops that are to be announced before. It follows the
/// store's numbered changes, so it sees what other servers write too. Both can be dropped at any time.
/// </summary>
internal sealed partial class ScheduleFollower(IEngineStore store, TimeProvider time, ILogger<ScheduleFollower> logger)
{
    private const int Page = 500;

    private long _followed;

    /// <summary>Every enabled schedule's next firing.</summary>
    internal FiringCalendar Firings { get; } = new();

    /// <summary>The same of Stop schedules: looked at earlier than they are due.</summary>
    internal FiringCalendar Stops { get; } = new();

    /// <summary>True once everything was read.</summary>
    internal bool IsFull { get; private set; }

    /// <summary>Until when every occurrence had been looked at before this server started; missed are those behind it.</summary>
    internal Instant LookedUntil { get; private set; }

    /// <summary>Reads where to begin; before <see cref="FillAsync"/> and <see cref="FollowAsync"/>.</summary>
    internal async Task BeginAsync(CancellationToken cancellation)
    {
        // The number first: what changes while schedules are read is followed afterwards, and newer than what was read.
        (_followed, Instant? until) = await store.ReadAsync(view => (view.LastScheduleChange(), view.FiringsLookedUntil()), cancellation);
        LookedUntil = until ?? Now();
        // The first time ever: from here on an outage is seen.
        if (until is null)
            await store.WriteAsync(transaction => { transaction.MarkFiringsLookedUntil(LookedUntil); return true; }, cancellation);
    }

    /// <summary>Fills the calendars page by page, beside everything else; what is read is due from then on.</summary>
    /// <param name="missedMany">Called for a schedule that missed more than is told one by one: its key, how many, the first and the last.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task FillAsync(Func<ScheduleKey, MissedOccurrences, Task> missedMany, CancellationToken cancellation)
    {
        Dictionary<ScheduleKey, Instant> changed = (await store.ReadAsync(view => view.ListScheduleChanges(LookedUntil), cancellation))
            .GroupBy(change => new ScheduleKey(change.InstanceUid, change.ScheduleId))
            .ToDictionary(group => group.Key, group => group.Max(change => change.At));
        using CalendarRebuild firings = Firings.BeginRebuild();
        using CalendarRebuild stops = Stops.BeginRebuild();
        Guid? after = null;
        while (true)
        {
            IReadOnlyList<InstanceSchedules> page = await store.ReadAsync(view => view.ListSchedules(after, Page), cancellation);
            foreach (InstanceSchedules instance in page)
            {
                if (instance.Schedules is null)
                    LogUnreadableInstance(instance.InstanceUid);
                foreach (ScheduleModel schedule in (instance.Schedules ?? []).Where(schedule => schedule.Status == ScheduleStatus.Enabled))
                    await AddAsync(new ScheduleKey(instance.InstanceUid, schedule.Id), schedule, changed, firings, stops, missedMany);
            }

            if (page.Count < Page)
                break;
            after = page[^1].InstanceUid;
            // Whoever waits for a thread comes first.
            await Task.Yield();
        }

        IsFull = true;
    }

    /// <summary>Takes in what changed since the last look.</summary>
    internal async Task FollowAsync(CancellationToken cancellation)
    {
        while (true)
        {
            IReadOnlyList<ScheduleChange> changes = await store.ReadAsync(view => view.ListScheduleChanges(_followed, Page), cancellation);
            foreach (ScheduleChange change in changes)
            {
                ComputeInstance? instance = await store.ReadAsync(view => view.FindReadableInstance(change.InstanceUid), cancellation);
                Apply(change, instance?.Model.Schedules.FirstOrDefault(schedule => schedule.Id == change.ScheduleId));
                _followed = change.Sequence;
            }

            if (changes.Count < Page)
                return;
        }
    }

    private async Task AddAsync(
        ScheduleKey key,
        ScheduleModel schedule,
        Dictionary<ScheduleKey, Instant> changed,
        CalendarRebuild firings,
        CalendarRebuild stops,
        Func<ScheduleKey, MissedOccurrences, Task> missedMany)
    {
        if (TimesOf(key, schedule) is not { } times)
            return;
        Instant now = Now();
        Instant after = changed.TryGetValue(key, out Instant at) ? Instant.Max(at, LookedUntil) : LookedUntil;
        if (MissedOccurrences.Of(times, after, now) is { } missed)
        {
            await missedMany(key, missed);
            after = now - MissedRule.Grace - Duration.Epsilon;
        }

        firings.Add(key, times, after);
        if (schedule.Action == ScheduleAction.Stop)
            stops.Add(key, times, now);
    }

    private void Apply(ScheduleChange change, ScheduleModel? schedule)
    {
        var key = new ScheduleKey(change.InstanceUid, change.ScheduleId);
        FiringTimes? times = schedule is { Status: ScheduleStatus.Enabled } ? TimesOf(key, schedule) : null;
        if (times is null)
            Firings.Remove(key);
        else
            Firings.Set(key, times, change.At);
        if (times is null || schedule!.Action != ScheduleAction.Stop)
            Stops.Remove(key);
        else
            Stops.Set(key, times, Instant.Max(change.At, Now()));
    }

    private FiringTimes? TimesOf(ScheduleKey key, ScheduleModel schedule)
    {
        FiringTimes? times = FiringTimes.TryOf(schedule);
        if (times is null)
            LogUnreadable(key.ScheduleId, key.InstanceId);
        return times;
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    [LoggerMessage(1206, LogLevel.Warning, "The schedules of instance {InstanceUid} cannot be read and do not fire")]
    private partial void LogUnreadableInstance(Guid instanceUid);

    [LoggerMessage(1205, LogLevel.Warning, "Schedule {ScheduleId} of instance {InstanceUid} cannot be read and does not fire")]
    private partial void LogUnreadable(Guid scheduleId, Guid instanceUid);
}
