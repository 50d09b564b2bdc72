using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Carrel.AgentProtocol;
using Carrel.Engine.Agents;
using Carrel.Engine.Machines;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Engine.Lines;

/// <summary>
/// Keeps a line to every machine that runs, and sends a running machine its settings again when they have changed. A machine is met when it comes
/// up (<see cref="MachineArrivals"/>), and after a start of the server in the store.
/// </summary>
internal sealed partial class MachineLines(
    IEngineStore store,
    IMachineCalls calls,
    TunnelFetch tunnels,
    IAgentConnector agents,
    MachineSecrets secrets,
    MachineSettingsSource settings,
    MachineArrivals arrivals,
    MachineLineOptions options,
    TimeProvider time,
    ILogger<MachineLines> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // Written when a machine comes or goes, read by the same.
    private readonly ConcurrentDictionary<Guid, Kept> _kept = new();
    private CancellationToken _stopping;
    private long _seen = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        arrivals.Arrived += Keep;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await TryLookAsync(stoppingToken);
                await Task.Delay(options.LookEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        finally
        {
            arrivals.Arrived -= Keep;
            foreach (Kept kept in _kept.Values)
                await kept.Stop.CancelAsync();
            await Task.WhenAll(_kept.Values.Select(kept => kept.Running));
        }
    }

    private void Keep(MachineArrival arrival) => Keep(arrival.MachineId, arrival.Address, arrival.Settings);

    private void Keep(Guid machineId, string address, MachineSettings? known)
    {
        var fresh = new Kept(address, CancellationTokenSource.CreateLinkedTokenSource(_stopping)) { Settings = known };
        Kept? former = null;
        _kept.AddOrUpdate(machineId, fresh, (_, old) =>
        {
            former = old;
            return fresh;
        });
        former?.Stop.Cancel();
        fresh.Running = Task.Run(() => StayAsync(machineId, fresh));
    }

    // One line after the other, as long as the machine is where it was.
    private async Task StayAsync(Guid machineId, Kept kept)
    {
        TimeSpan pause = FirstPause;
        using var line = new MachineLine(machineId, IPAddress.Parse(kept.Address), secrets.Of(machineId), calls, tunnels, options, time);
        try
        {
            while (!kept.Stop.IsCancellationRequested)
            {
                pause = await line.RunAsync(kept.Stop.Token) ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
                await Task.Delay(pause, time, kept.Stop.Token);
                if (!await IsThereAsync(machineId, kept.Address, kept.Stop.Token))
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // Let go.
        }
        catch (Exception fault)
        {
            LogFault(machineId, fault);
        }

        _kept.TryRemove(KeyValuePair.Create(machineId, kept));
    }

    // While an operation runs, the address is not in the store yet.
    private Task<bool> IsThereAsync(Guid machineId, string address, CancellationToken cancellation) => store.ReadAsync(
        view => view.FindInstance(machineId) is { } instance && (instance.State.PrivateAddress == address || view.FindRunningOperation(machineId) is not null),
        cancellation);

    private async Task TryLookAsync(CancellationToken cancellation)
    {
        long changes = store.Changes;
        if (changes == _seen)
            return;
        try
        {
            foreach (ComputeInstance instance in await store.ReadAsync(view => view.ListInstances(), cancellation))
            {
                if (instance.State.PrivateAddress is { } address && instance.State.State is InstanceState.Running or InstanceState.Unknown or InstanceState.JobRunning or InstanceState.UserSetupFailed or InstanceState.SetupFailed)
                    await LookAsync(instance, instance.State.PrivateAddress!, cancellation);
            }

            _seen = changes;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogLookFault(fault);
        }
    }

    private async Task LookAsync(ComputeInstance instance, string address, CancellationToken cancellation)
    {
        if (!_kept.TryGetValue(instance.Uid, out Kept? kept) || kept.Address != address)
        {
            Keep(instance.Uid, address, null);
            kept = _kept[instance.Uid];
        }

        MachineSettings wanted = await settings.OfAsync(instance, cancellation);
        if (kept.Settings is { } known && Same(known, wanted))
            return;
        // An operation sends them itself.
        if (await store.ReadAsync(view => view.FindRunningOperation(instance.Uid) is not null, cancellation))
            return;
        kept.Settings = wanted;
        // Not waited for: one silent machine must not hold up the others.
        _ = SendAsync(instance, address, wanted with { KeepSessions = true }, kept.Stop.Token);
    }

    private async Task SendAsync(ComputeInstance instance, string address, MachineSettings wanted, CancellationToken cancellation)
    {
        try
        {
            await using IAgent agent = await agents.ConnectAsync(new AgentEndpoint(address), secrets.Of(instance.Uid), cancellation);
            await agent.ConfigureAsync(wanted, cancellation);
        }
        catch (Exception fault) when (fault is AgentUnreachableException or AgentProtocolException)
        {
            // Told once; its next start gives it the settings in any case.
            LogNotSent(instance.Address.ResourceId, fault.Message);
        }
        catch (OperationCanceledException)
        {
            // The machine is let go.
        }
    }

    // The version counts changes of state too.
    private static bool Same(MachineSettings one, MachineSettings other) => Text(one) == Text(other);

    private static string Text(MachineSettings settings) =>
        JsonSerializer.Serialize(settings with { Version = 0, KeepSessions = false }, AgentJson.Default.MachineSettings);

    [LoggerMessage(1141, LogLevel.Error, "The line to machine {Machine} failed")]
    private partial void LogFault(Guid machine, Exception fault);

    [LoggerMessage(1142, LogLevel.Error, "Looking for machines failed and is repeated")]
    private partial void LogLookFault(Exception fault);

    [LoggerMessage(1143, LogLevel.Warning, "{Target} did not take its changed settings: {Message}")]
    private partial void LogNotSent(string target, string message);

    private sealed class Kept(string address, CancellationTokenSource stop)
    {
        internal string Address { get; } = address;

        internal CancellationTokenSource Stop { get; } = stop;

        internal Task Running { get; set; } = Task.CompletedTask;

        internal MachineSettings? Settings { get; set; }
    }
}
