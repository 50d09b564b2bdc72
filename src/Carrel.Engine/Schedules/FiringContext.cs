using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>One occurrence with what the store says about it now.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Schedule">The schedule: enabled, and due at that instant.</param>
/// <param name="Due">When it was due.</param>
internal sealed record FiringContext(ComputeInstance Instance, ScheduleModel Schedule, Instant Due)
{
    /// <summary>
    /// The occurrence as it stands, or null when it is none any more: the instance or schedule is gone or switched off, or its trigger was changed since the
    /// calendar was told. So a view that lags behind can fire nothing that nobody wants.
    /// </summary>
    internal static FiringContext? Find(IEngineView view, ScheduleKey key, Instant due) =>
        view.FindReadableInstance(key.InstanceId) is { } instance
        && instance.Model.Schedules.FirstOrDefault(schedule => schedule.Id == key.ScheduleId) is { Status: ScheduleStatus.Enabled } schedule
        && Fires(schedule, due)
            ? new FiringContext(instance, schedule, due)
            : null;

    /// <summary>Whether an enabled Stop of the instance, neither taken back nor put off, is due at the same instant.</summary>
    internal bool StopsToo(IEngineView view) => Instance.Model.Schedules.Any(other =>
        other is { Status: ScheduleStatus.Enabled, Action: ScheduleAction.Stop } && Fires(other, Due) && StopStands(view, other));

    private bool StopStands(IEngineView view, ScheduleModel stop) =>
        view.FindNotice(Instance.Uid, NoticeKind.ScheduledShutdownPending, stop.Id, Due) is not { } notice
        || (notice.State != NoticeState.Dismissed && notice.Snoozed == Duration.Zero);

    private static bool Fires(ScheduleModel schedule, Instant due) => FiringTimes.TryOf(schedule)?.FallsOn(due) == true;
}
