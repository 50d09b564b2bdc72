using System.Collections.Concurrent;
using Carrel.Engine.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>
/// Claims operations that wait and runs them side by side. While one runs its lease is renewed; a worker that loses the lease lets go. When
/// the server stops, what runs is given back as it is and resumed by the next start.
/// </summary>
internal sealed partial class OperationWorker(
    IEngineStore store,
    OperationRunner instances,
    WorkspaceDeletion workspaces,
    GroupDeletion groups,
    OperationSignal signal,
    EngineOptions options,
    TimeProvider time,
    ILogger<OperationWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly string _leaseOwner = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<Guid, Run> _runs = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.OnlyServer)
            await store.WriteAsync(transaction => { transaction.ReleaseEveryLease(); return true; }, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LetGoOfCanceledAsync(stoppingToken);
                await ClaimAllAsync(stoppingToken);
                await signal.WaitAsync(LookEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                // A full disk, say: what waits is looked at again, and the server goes on answering.
                LogStoreFault(fault);
                await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_runs.Values.Select(run => run.Completion));
    }

    // A deletion cancels what runs on its instance and waits, unclaimed, until that run has let go.
    private async Task LetGoOfCanceledAsync(CancellationToken cancellation)
    {
        if (_runs.IsEmpty)
            return;
        foreach ((Guid id, Run run) in _runs)
        {
            Operation? operation = await store.ReadAsync(view => view.FindOperation(id), cancellation);
            if (operation?.Status != OperationStatus.InProgress)
                run.LetGo();
        }
    }

    private async Task ClaimAllAsync(CancellationToken cancellation)
    {
        while (await ClaimAsync(cancellation) is { } operation)
        {
            var run = new Run(CancellationTokenSource.CreateLinkedTokenSource(cancellation));
            if (!_runs.TryAdd(operation.Id, run))
            {
                // Its lease ran out while this very server runs it, after a long pause of the whole machine: claiming has renewed it.
                run.End();
                continue;
            }

            // Off this loop, which must stay free to claim and to cancel.
            run.Completion = Task.Run(() => RunAsync(operation, run, cancellation), CancellationToken.None);
        }
    }

    // A claim that finds nothing changes no page, so a look every few seconds costs no flush to disk.
    private Task<Operation?> ClaimAsync(CancellationToken cancellation) =>
        store.WriteAsync(transaction => transaction.ClaimOperation(_leaseOwner, Now(), Now() + Lease), cancellation);

    private async Task RunAsync(Operation operation, Run run, CancellationToken stopping)
    {
        Task renewal = RenewAsync(operation.Id, run);
        bool retryLater = false;
        try
        {
            if (operation.Kind == OperationKind.WorkspaceDelete)
                await workspaces.RunAsync(operation, run.Lost);
            else if (operation.Kind == OperationKind.GroupDelete)
                await groups.RunAsync(operation, run.Lost);
            else
                await instances.RunAsync(operation, run.Lost);
        }
        catch (Exception) when (run.Lost.IsCancellationRequested)
        {
            // Canceled, or resumed by whoever claims it next; whatever else the interrupted step said is no fault.
        }
        catch (OperationLostException)
        {
            // A deletion took its place between two steps.
        }
        catch (Exception fault)
        {
            // Ours to mend, not the user's: the operation stays claimed until its lease ends and is tried again then.
            LogFault(fault, operation.Kind, operation.Target);
            retryLater = !stopping.IsCancellationRequested;
        }

        run.LetGo();
        await renewal;
        if (!retryLater)
            await ReleaseAsync(operation);
        _runs.TryRemove(operation.Id, out _);
        run.End();
        signal.Raise();
    }

    private async Task ReleaseAsync(Operation operation)
    {
        try
        {
            await store.WriteAsync(transaction => { transaction.ReleaseLease(operation.Id, _leaseOwner); return true; }, CancellationToken.None);
        }
        catch (Exception fault)
        {
            // The lease ends by itself.
            LogLeaseFault(fault, operation.Id);
        }
    }

    private async Task RenewAsync(Guid operationId, Run run)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Lease / 3, time, run.Lost);
                bool ours = await store.WriteAsync(transaction => transaction.RenewLease(operationId, _leaseOwner, Now() + Lease), run.Lost);
                if (!ours)
                    run.LetGo();
            }
        }
        catch (OperationCanceledException)
        {
            // The operation ended or was lost.
        }
        catch (Exception fault)
        {
            // Without a lease somebody else may begin the same steps: stop before that.
            LogLeaseFault(fault, operationId);
            run.LetGo();
        }
    }

    // Whoever lets go of a run must not meet one that has just ended.
    private sealed class Run(CancellationTokenSource source)
    {
        private readonly Lock _gate = new();
        private bool _ended;

        internal CancellationToken Lost { get; } = source.Token;

        internal Task Completion { get; set; } = Task.CompletedTask;

        internal void LetGo()
        {
            lock (_gate)
            {
                if (!_ended)
                    _ = source.CancelAsync();
            }
        }

        internal void End()
        {
            lock (_gate)
            {
                _ended = true;
                source.Dispose();
            }
        }
    }

    private Duration Lease => Duration.FromTimeSpan(options.Lease);

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    [LoggerMessage(1011, LogLevel.Error, "Waiting operations could not be looked at; this is repeated")]
    private partial void LogStoreFault(Exception fault);

    [LoggerMessage(1012, LogLevel.Error, "The lease of operation {OperationId} could not be renewed or given back")]
    private partial void LogLeaseFault(Exception fault, Guid operationId);

    [LoggerMessage(1010, LogLevel.Error, "{Kind} of {Target} was interrupted by a fault and will be tried again")]
    private partial void LogFault(Exception fault, OperationKind kind, string target);
}
