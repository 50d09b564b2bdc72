using Carrel.Engine.Operations;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Storage;

/// <summary>What can be read about schedules and their firings.</summary>
public interface IScheduleView
{
    /// <summary>Instances with schedules, by unique id: those behind <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    IReadOnlyList<InstanceSchedules> ListSchedules(Guid? after, int limit);

    /// <summary>Number of the last change of a schedule; 0 before the first.</summary>
    long LastScheduleChange();

    /// <summary>Changes of schedules behind a number, in order, at most <paramref name="limit"/>.</summary>
    IReadOnlyList<ScheduleChange> ListScheduleChanges(long after, int limit);

    /// <summary>Changes of schedules since an instant, in order.</summary>
    IReadOnlyList<ScheduleChange> ListScheduleChanges(Instant since);

    /// <summary>What became of an occurrence; null when it was not decided yet.</summary>
    ScheduleFiring? FindFiring(Guid instanceUid, Guid scheduleId, Instant due);

    /// <summary>Occurrences of an instance that were decided, newest first.</summary>
    IReadOnlyList<ScheduleFiring> ListFirings(Guid instanceUid, int limit);

    /// <summary>Occurrences that wait for their instance to come to rest, oldest first.</summary>
    IReadOnlyList<ScheduleFiring> ListDeferredFirings();

    /// <summary>Until when every occurrence was looked at, by any server; null before the first time.</summary>
    Instant? FiringsLookedUntil();

    /// <summary>Instances on which an operation succeeded or failed since an instant.</summary>
    IReadOnlyList<Guid> ListTargetsOfOperationsSince(Instant endedSince);

    /// <summary>The newest start, stop, restart, reimage or deletion of an instance that somebody asked for after an instant; null for none.</summary>
    Operation? FindUserOperationAfter(Guid instanceUid, Instant after);
}

/// <summary>What can be written about firings.</summary>
public interface IScheduleWrites
{
    /// <summary>Records what becomes of an occurrence. The store holds that this happens once.</summary>
    /// <returns>False when somebody has decided on it already: nothing was written, and nothing else may be done about it.</returns>
    bool Claim(ScheduleFiring firing);

    /// <summary>Records the end of an occurrence that waited.</summary>
    /// <returns>False when it does not wait any more.</returns>
    bool Settle(ScheduleFiring firing);

    /// <summary>Records until when every occurrence was looked at; an earlier instant than the recorded one changes nothing.</summary>
    void MarkFiringsLookedUntil(Instant until);

    /// <summary>Removes firings that were decided before an instant, and changes of schedules that nobody can have missed.</summary>
    void ForgetFirings(Instant decidedBefore);
}

/// <summary>The schedules of one instance.</summary>
/// <param name="InstanceUid">The instance.</param>
/// <param name="Schedules">Its schedules, disabled ones too; null when the row cannot be read.</param>
public sealed record InstanceSchedules(Guid InstanceUid, IReadOnlyList<ScheduleModel>? Schedules);

/// <summary>A schedule was added, changed, switched on or off, or removed.</summary>
/// <param name="Sequence">Number; grows with every change.</param>
/// <param name="InstanceUid">The instance.</param>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="At">When. Occurrences up to then are not those of the changed schedule.</param>
public sealed record ScheduleChange(long Sequence, Guid InstanceUid, Guid ScheduleId, Instant At);
