using System.Collections.Concurrent;
using Carrel.Engine.Agents;
using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Reconciliation;

/// <summary>Asks the agent of every running instance whether it lives, over one connection that is kept.</summary>
internal sealed partial class HeartbeatService(
    IEngineStore store, AgentPool agents, EngineOptions options, TimeProvider time, ILogger<HeartbeatService> logger)
    : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, int> _silent = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.HeartbeatEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryBeatAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    // One bad beat must not end the others, let alone the server.
    private async Task TryBeatAsync(CancellationToken cancellation)
    {
        try
        {
            await BeatAsync(cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFault(fault);
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        IReadOnlyList<ComputeInstance> instances = await store.ReadAsync(view => view.ListInstances(), cancellation);
        ComputeInstance[] alive = [.. instances.Where(instance =>
            instance.State is { State: InstanceState.Running or InstanceState.Unknown, PrivateAddress: not null })];
        await agents.KeepOnlyAsync(instances
            .Where(instance => instance.State.State is InstanceState.Running or InstanceState.JobRunning or InstanceState.Unknown).Select(instance => instance.Uid));
        foreach (Guid gone in _silent.Keys.Except(alive.Select(instance => instance.Uid)).ToArray())
            _silent.TryRemove(gone, out _);
        // Waiting costs nothing: a few silent machines must not hold up the others' turn.
        var many = new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellation };
        await Parallel.ForEachAsync(alive, many, async (instance, stopping) => await BeatAsync(instance, stopping));
    }

    private async Task BeatAsync(ComputeInstance instance, CancellationToken cancellation)
    {
        int silent = await IsHeardAsync(instance, cancellation) ? 0 : _silent.GetValueOrDefault(instance.Uid) + 1;
        _silent[instance.Uid] = silent;
        if (HeartbeatRules.Decide(instance.State.State, silent, options.SilentHeartbeats) == instance.State.State)
            return;
        await store.WriteAsync(
            transaction =>
            {
                // Read again: an operation may have taken over since.
                if (transaction.FindInstance(instance.Uid) is { } current && transaction.FindRunningOperation(instance.Uid) is null)
                {
                    InstanceState next = HeartbeatRules.Decide(current.State.State, silent, options.SilentHeartbeats);
                    if (next != current.State.State)
                    {
                        transaction.Update(current with { State = current.State with { State = next } });
                        transaction.Append(Happened(current, next));
                    }
                }

                return true;
            },
            cancellation);
        LogChange(instance.Address.ResourceId, silent);
    }

    private ActivityEvent Happened(ComputeInstance instance, InstanceState next) => new(
        Instant.FromDateTimeOffset(time.GetUtcNow()),
        Service.Principal,
        "Carrel/heartbeat",
        instance.Address.ResourceId,
        next == InstanceState.Unknown ? "Unknown" : "Succeeded",
        "Reconciler",
        next == InstanceState.Unknown ? $"Its agent did not answer {options.SilentHeartbeats} times." : "Its agent answers again.",
        "",
        Guid.NewGuid().ToString("D"))
    {
        Level = next == InstanceState.Unknown ? EventLevel.Warning : EventLevel.Informational,
    };

    private async Task<bool> IsHeardAsync(ComputeInstance instance, CancellationToken cancellation)
    {
        try
        {
            await (await agents.GetAsync(instance, cancellation)).HealthAsync(cancellation);
            return true;
        }
        catch (Exception fault) when (fault is AgentUnreachableException or AgentProtocolException)
        {
            await agents.DropAsync(instance.Uid);
            return false;
        }
    }

    [LoggerMessage(1122, LogLevel.Error, "A heartbeat failed and is repeated")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(1121, LogLevel.Warning, "{Target}: {Silent} heartbeats without an answer")]
    private partial void LogChange(string target, int silent);
}
