using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Carrel.Instances.Hosting;

namespace Carrel.TestKit.Hosting;

/// <summary>
/// A host without machines, which passes the same contract kit as the real ones. What survives a server's restart is in its
/// <see cref="InMemoryEngine"/>.
/// </summary>
/// <param name="installation">Whose objects it sees.</param>
/// <param name="engine">What keeps them.</param>
/// <param name="time">The clock of its events.</param>
public sealed class InMemoryInstanceHost(Guid installation, InMemoryEngine engine, TimeProvider time) : IInstanceHost, IHostRules
{
    /// <summary>A host of its own, with nothing on it.</summary>
    public InMemoryInstanceHost()
        : this(Guid.NewGuid(), new InMemoryEngine(), TimeProvider.System)
    {
    }

    /// <summary>What keeps the machines.</summary>
    public InMemoryEngine Engine => engine;

    /// <summary>What <see cref="CapacityAsync"/> answers.</summary>
    public HostCapacity Capacity { get; set; } = new(64, 256L << 30);

    /// <summary>
    /// Called before each verb with its name, such as <c>StartMachineAsync</c>: throw <see cref="HostUnavailableException"/> or
    /// <see cref="HostRefusedException"/> to play a failure, or wait to play a slow host.
    /// </summary>
    public Func<string, CancellationToken, Task>? BeforeVerb { get; set; }

    /// <summary>How often the host rules were asked for.</summary>
    public int HostRuleCalls => _hostRuleCalls;

    private int _hostRuleCalls;

    /// <inheritdoc/>
    public Task<HostCapacity> CapacityAsync(CancellationToken cancellation) => DoAsync(_ => Capacity, cancellation);

    /// <inheritdoc/>
    public Task<string?> LatestImageVersionAsync(CancellationToken cancellation) => DoAsync<string?>(_ => engine.ImageVersion, cancellation);

    /// <inheritdoc/>
    public Task EnsureNetworkAsync(NetworkSpec network, CancellationToken cancellation) => DoAsync(own => own.AddNetwork(network.Id), cancellation);

    /// <inheritdoc/>
    public Task DeleteNetworkAsync(Guid networkId, CancellationToken cancellation) => DoAsync(
        own =>
        {
            if (!own.Machines.Any(machine => machine.Spec.Network.Id == networkId))
                own.RemoveNetwork(networkId);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<MachineStatus> EnsureMachineAsync(MachineSpec machine, CancellationToken cancellation) => DoAsync(
        own =>
        {
            own.AddNetwork(machine.Network.Id);
            var made = own.Find(machine.Id) ?? own.Add(machine);
            if (made.Phase == MachinePhase.Incomplete)
            {
                made.Phase = MachinePhase.Made;
                made.ImageVersion = engine.ImageVersion;
            }

            return made.Status;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<MachineStatus> StartMachineAsync(Guid machineId, CancellationToken cancellation) => DoAsync(
        own =>
        {
            var machine = own.Find(machineId) ?? throw new HostRefusedException("MachineNotFound", $"There is no machine {machineId} on this host.");
            if (machine.Phase == MachinePhase.Incomplete)
                throw new HostRefusedException("MachineIncomplete", $"The machine {machineId} was never completely made.");
            if (machine.Phase != MachinePhase.Running)
            {
                machine.Start();
                own.Tell(Event(machineId, MachineEventKind.Started));
            }

            return machine.Status;
        },
        cancellation);

    /// <inheritdoc/>
    public Task StopMachineAsync(Guid machineId, TimeSpan grace, CancellationToken cancellation) => DoAsync(
        own =>
        {
            if (own.Find(machineId) is not { Phase: MachinePhase.Running } machine)
                return;
            machine.End("The machine's first process ended with code 129.", withEngine: false);
            own.Tell(Event(machineId, MachineEventKind.Ended) with { Detail = "exit code 129" });
        },
        cancellation);

    /// <inheritdoc/>
    public Task DeleteMachineAsync(Guid machineId, CancellationToken cancellation) => DoAsync(own => Remove(own, machineId), cancellation);

    /// <inheritdoc/>
    public Task<MachineStatus?> InspectMachineAsync(Guid machineId, CancellationToken cancellation) =>
        DoAsync(own => own.Find(machineId)?.Status, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MachineStatus>> ListMachinesAsync(CancellationToken cancellation) =>
        DoAsync<IReadOnlyList<MachineStatus>>(own => [.. own.Machines.Select(machine => machine.Status)], cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ListNetworksAsync(CancellationToken cancellation) =>
        DoAsync<IReadOnlyList<Guid>>(own => [.. own.Networks], cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<MachineEvent> WatchAsync(CancellationToken cancellation) => ReadAsync(engine.Watch(installation), cancellation);

    /// <inheritdoc/>
    public Task PurgeAsync(CancellationToken cancellation) => DoAsync(
        own =>
        {
            foreach (var machine in own.Machines.Select(machine => machine.Spec.Id).ToList())
                Remove(own, machine);
            foreach (var network in own.Networks.ToList())
                own.RemoveNetwork(network);
        },
        cancellation);

    /// <inheritdoc/>
    public Task EnsureHostRulesAsync(CancellationToken cancellation) => DoAsync(_ => Interlocked.Increment(ref _hostRuleCalls), cancellation);

    /// <summary>What a crash in the middle of <see cref="EnsureMachineAsync"/> leaves.</summary>
    public void LeaveHalfMade(MachineSpec machine) => engine.Locked(installation, own => own.Add(machine));

    /// <summary>Writes a file of a machine's private disk.</summary>
    public void WriteHome(Guid machineId, string name, string content) =>
        engine.Locked(installation, own => own.Find(machineId)!.Home[name] = content);

    /// <summary>Reads a file of a machine's private disk; null when it or the machine is not there.</summary>
    public string? ReadHome(Guid machineId, string name) =>
        engine.Locked(installation, own => own.Find(machineId)?.Home.GetValueOrDefault(name));

    private static async IAsyncEnumerable<MachineEvent> ReadAsync(
        ChannelReader<MachineEvent> events, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var happening in events.ReadAllAsync(cancellation))
            yield return happening;
    }

    private void Remove(InMemoryEngine.InMemoryInstallation own, Guid machineId)
    {
        if (own.Find(machineId) is not { } machine)
            return;
        if (machine.Phase == MachinePhase.Running)
            own.Tell(Event(machineId, MachineEventKind.Ended));
        own.Remove(machineId);
        own.Tell(Event(machineId, MachineEventKind.Removed));
    }

    private MachineEvent Event(Guid machineId, MachineEventKind kind) => new(machineId, kind, time.GetUtcNow(), null);

    private Task DoAsync(Action<InMemoryEngine.InMemoryInstallation> work, CancellationToken cancellation, [CallerMemberName] string verb = "") => DoAsync(
        own =>
        {
            work(own);
            return true;
        },
        cancellation,
        verb);

    private async Task<T> DoAsync<T>(
        Func<InMemoryEngine.InMemoryInstallation, T> work, CancellationToken cancellation, [CallerMemberName] string verb = "")
    {
        cancellation.ThrowIfCancellationRequested();
        if (BeforeVerb is { } before)
            await before(verb, cancellation);
        return engine.Locked(installation, work);
    }
}
