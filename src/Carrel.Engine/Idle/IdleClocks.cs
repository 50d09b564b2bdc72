using Carrel.Engine.Notices;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Notices;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>What happens to the idle clock beside the samples (contract 4.3), in the transaction of what causes it.</summary>
public sealed class IdleClocks(ActivityClock clock)
{
    /// <summary>An operation has succeeded: who enters Running is idle from now on, who leaves it has no clock.</summary>
    internal void Follow(IEngineTransaction transaction, Operation operation)
    {
        if (operation.Kind is OperationKind.Create or OperationKind.Start or OperationKind.Restart or OperationKind.Recover or OperationKind.Stop or OperationKind.Reimage)
        {
            Save(transaction, operation.TargetUid, OperationOutcomes.EndsUp(operation) ? IdleClock.Started(clock.Now) : null);
            StopNotices.CloseKind(transaction, operation.TargetUid, NoticeKind.IdleShutdownPending, $"{operation.Kind} of the instance.");
        }
    }

    /// <summary>The idle time may have been changed, by somebody: what was announced does not come at its time any more, and what comes instead is announced anew.</summary>
    internal void Follow(IEngineTransaction transaction, Guid instanceUid, ComputeInstanceModel before, ComputeInstanceModel after, string who)
    {
        if (before.IdleMinutes == after.IdleMinutes)
            return;
        StopNotices.CloseKind(transaction, instanceUid, NoticeKind.IdleShutdownPending, $"The idle time was changed by {who}.");
        if (transaction.FindIdle(instanceUid).Clock is { } running)
            Save(transaction, instanceUid, running.WithPeriod(after.IdleMinutes, clock.Now));
    }

    /// <summary>The announced stop was taken back.</summary>
    internal void Dismiss(IEngineTransaction transaction, Guid instanceUid)
    {
        if (transaction.FindIdle(instanceUid).Clock is { } running)
            Save(transaction, instanceUid, running.Dismissed(clock.Now));
    }

    /// <summary>The announced stop was put off.</summary>
    internal static void Snooze(IEngineTransaction transaction, Guid instanceUid, Duration by)
    {
        if (transaction.FindIdle(instanceUid).Clock is { } running)
            Save(transaction, instanceUid, running.Snoozed(by));
    }

    /// <summary>The announced stop does not come, for now. The clock forgets that it announced it: if the reason goes again before the next sample, it is told again.</summary>
    internal static void TakeBack(IEngineTransaction transaction, Guid instanceUid, string ending)
    {
        StopNotices.CloseKind(transaction, instanceUid, NoticeKind.IdleShutdownPending, ending);
        if (transaction.FindIdle(instanceUid).Clock is { AnnouncedStop: not null } running)
            Save(transaction, instanceUid, running with { AnnouncedStop = null });
    }

    private static void Save(IEngineTransaction transaction, Guid instanceUid, IdleClock? changed) =>
        transaction.SaveIdle(instanceUid, transaction.FindIdle(instanceUid) with { Clock = changed });
}
