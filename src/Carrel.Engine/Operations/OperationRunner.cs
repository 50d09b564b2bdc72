using Carrel.Engine.Agents;
using Carrel.Engine.Events;
using Carrel.Engine.Idle;
using Carrel.Engine.Notices;
using Carrel.Engine.Quota;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>
/// Runs one claimed operation on an instance to its end:
/// 1. the steps, one after the other, each recorded;
/// 2. state, operation and event in one transaction, or
/// 3. when a step cannot succeed: what is half made is taken away, then the failure in one transaction.
/// While the host does not answer, the step is repeated until <see cref="EngineOptions.HostDeadline"/>.
/// </summary>
internal sealed partial class OperationRunner(
    IEngineStore store,
    IInstanceHost host,
    InstanceSteps steps,
    IOperationJournal journal,
    IdleClocks idle,
    EngineOptions options,
    TimeProvider time,
    ILogger<OperationRunner> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    internal async Task RunAsync(Operation operation, CancellationToken cancellation)
    {
        var context = new OperationContext(operation);
        try
        {
            await RunStepsAsync(context, cancellation);
            await store.WriteAsync(transaction => Complete(transaction, context), cancellation);
            LogSucceeded(operation.Kind, operation.Target);
        }
        catch (Exception fault) when ((ToError(fault) ?? GiveUp(operation, fault)) is { } error && !cancellation.IsCancellationRequested)
        {
            LogFailed(operation.Kind, operation.Target, error.Code, error.Message);
            await FailAsync(operation, error, cancellation);
        }
    }

    private async Task RunStepsAsync(OperationContext context, CancellationToken cancellation)
    {
        bool resumed = context.Operation.Step is not null;
        foreach (OperationStep step in steps.For(context.Operation))
        {
            if (resumed && step.Once)
                continue;
            await RunStepAsync(step, context, cancellation);
            await journal.RecordStepAsync(context.Operation, step.Name, step.Reaches, cancellation);
        }
    }

    private async Task RunStepAsync(OperationStep step, OperationContext context, CancellationToken cancellation)
    {
        long begun = time.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await step.RunAsync(context, cancellation);
                return;
            }
            catch (HostUnavailableException fault) when (time.GetElapsedTime(begun) < options.HostDeadline)
            {
                LogHostSilent(step.Name, context.Operation.Target, fault.Message);
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    private bool Complete(IEngineTransaction transaction, OperationContext context)
    {
        Operation operation = context.Operation;
        OperationLostException.ThrowUnlessRunning(transaction, operation);
        Instant now = Now();
        transaction.Update(operation with { Status = OperationStatus.Succeeded, EndedAt = now });
        if (operation.Kind == OperationKind.Delete)
            transaction.DeleteInstance(operation.TargetUid);
        else if (transaction.FindInstance(operation.TargetUid) is { } instance)
        {
            Settle(transaction, instance with
            {
                State = OperationOutcomes.Succeeded(instance.State, context, now),
            });
            idle.Follow(transaction, operation);
        }

        transaction.Append(OperationEvents.Ended(operation, "Succeeded", context.Shortcoming is { } shortcoming ? $"{shortcoming.Code}: {shortcoming.Message}" : null, now));
        return true;
    }

    // Whatever led to Stopped, the cores are given back with it (contract 10.2).
    private static void Settle(IEngineTransaction transaction, ComputeInstance instance)
    {
        transaction.Update(instance);
        StopNotices.CloseIfOff(transaction, instance.Uid, instance.State.State, $"The instance is {instance.State.State}: there was nothing left to stop.");
        QuotaLedger.ReleaseIfStopped(transaction, instance);
    }

    private async Task FailAsync(Operation operation, InstanceError error, CancellationToken cancellation)
    {
        ComputeInstance? instance = await store.ReadAsync(view => view.FindInstance(operation.TargetUid), cancellation);
        if (instance is not null)
        {
            InstanceState end = OperationOutcomes.Failed(instance.State, operation, error, Now()).State;
            await CleanUpAsync(operation, end, cancellation);
        }

        await store.WriteAsync(
            transaction =>
            {
                OperationLostException.ThrowUnlessRunning(transaction, operation);
                Instant now = Now();
                transaction.Update(operation with { Status = OperationStatus.Failed, EndedAt = now, Error = error });
                if (transaction.FindInstance(operation.TargetUid) is { } current)
                    Settle(transaction, current with { State = OperationOutcomes.Failed(current.State, operation, error, now) });
                transaction.Append(OperationEvents.Ended(operation, "Failed", $"{error.Code}: {error.Message}", now));
                return true;
            },
            cancellation);
    }

    // Best effort: the reconciler removes later what a silent host keeps now.
    private async Task CleanUpAsync(Operation operation, InstanceState end, CancellationToken cancellation)
    {
        try
        {
            if (OperationOutcomes.RemovesMachine(end))
                await host.DeleteMachineAsync(operation.TargetUid, cancellation);
            else if (OperationOutcomes.StopsMachine(end))
                await host.StopMachineAsync(operation.TargetUid, TimeSpan.Zero, cancellation);
        }
        catch (Exception fault) when (fault is HostUnavailableException or HostRefusedException)
        {
            LogCleanUpFailed(operation.Target, fault.Message);
        }
    }

    private static InstanceError? ToError(Exception fault) => fault switch
    {
        OperationFailedException failed => new InstanceError(failed.Code, failed.Message),
        HostRefusedException refused => new InstanceError(refused.Code, refused.Message),
        HostUnavailableException silent => new InstanceError("HostUnavailable", $"The host did not answer: {silent.Message}"),
        AgentUnreachableException silent => new InstanceError("AgentUnreachable", $"The machine started, but its agent did not answer: {silent.Message}"),
        AgentProtocolException wrong => new InstanceError("AgentRefused", $"The machine's agent answered wrongly ({wrong.Code}): {wrong.Message}"),
        _ => null,
    };

    // A fault of ours may pass (a full disk), so the worker tries again; but an operation that never ends would block its instance for ever.
    private InstanceError? GiveUp(Operation operation, Exception fault)
    {
        if (fault is OperationLostException or OperationCanceledException || Now() - operation.CreatedAt < Duration.FromTimeSpan(options.FaultDeadline))
            return null;
        LogGivenUp(fault, operation.Kind, operation.Target);
        return new InstanceError("InternalError", "Something went wrong inside Carrel, again and again. Its log says more; the instance can be tried again or deleted.");
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    [LoggerMessage(1001, LogLevel.Information, "{Kind} of {Target} succeeded")]
    private partial void LogSucceeded(OperationKind kind, string target);

    [LoggerMessage(1002, LogLevel.Warning, "{Kind} of {Target} failed: {Code}: {Message}")]
    private partial void LogFailed(OperationKind kind, string target, string code, string message);

    [LoggerMessage(1003, LogLevel.Warning, "{Step} of {Target} waits for the host: {Message}")]
    private partial void LogHostSilent(string step, string target, string message);

    [LoggerMessage(1005, LogLevel.Error, "{Kind} of {Target} is given up after repeated faults")]
    private partial void LogGivenUp(Exception fault, OperationKind kind, string target);

    [LoggerMessage(1004, LogLevel.Warning, "What {Target} left on its host could not be removed yet: {Message}")]
    private partial void LogCleanUpFailed(string target, string message);
}
