using Carrel.Engine.Machines;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Reconciliation;

/// <summary>
/// Follows a host: reconciles at start, watches what happens, and does both anew whenever the host was lost. Every minute it compares again,
/// because events can be missed, and forgets operations that are long over.
/// </summary>
internal sealed partial class ReconcileService(
    Reconciler reconciler, IInstanceHost host, IHostRules rules, HostFacts facts, IEngineStore store, EngineOptions options, TimeProvider time, ILogger<ReconcileService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly OperationSignal _hostLost = new(time);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchAsync(stoppingToken), CompareAsync(stoppingToken));

    private Task WatchAsync(CancellationToken stopping) => RepeatAsync(
        async () =>
        {
            try
            {
                await foreach (MachineEvent happened in host.WatchAsync(stopping))
                {
                    if (happened.Kind is MachineEventKind.Ended or MachineEventKind.Removed)
                        await reconciler.MachineEndedAsync(happened.MachineId, stopping);
                }
            }
            finally
            {
                // Events in between are not repeated: what they would have said is found by comparing.
                _hostLost.Raise();
            }
        },
        _ => Task.Delay(ShortPause, time, stopping),
        stopping);

    private TimeSpan ShortPause => options.ReconcileEvery < Pause ? options.ReconcileEvery : Pause;

    private Task CompareAsync(CancellationToken stopping) => RepeatAsync(
        async () =>
        {
            // First, because a machine must not run for a moment without them.
            await rules.EnsureHostRulesAsync(stopping);
            await facts.RefreshAsync(stopping);
            await reconciler.RunAsync(stopping);
            Instant before = Instant.FromDateTimeOffset(time.GetUtcNow()) - Duration.FromTimeSpan(options.KeepOperations);
            await store.WriteAsync(transaction => transaction.ForgetOperations(before), stopping);
        },
        wentWell => wentWell ? _hostLost.WaitAsync(options.ReconcileEvery, stopping) : Task.Delay(ShortPause, time, stopping),
        stopping);

    private async Task RepeatAsync(Func<Task> action, Func<bool, Task> pause, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            bool wentWell = false;
            try
            {
                await action();
                wentWell = true;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (HostUnavailableException fault)
            {
                LogHostLost(fault.Message);
            }
            catch (Exception fault)
            {
                LogFault(fault);
            }

            try
            {
                await pause(wentWell);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(1111, LogLevel.Warning, "The host does not answer: {Message}")]
    private partial void LogHostLost(string message);

    [LoggerMessage(1112, LogLevel.Error, "Reconciling failed and is repeated")]
    private partial void LogFault(Exception fault);
}
