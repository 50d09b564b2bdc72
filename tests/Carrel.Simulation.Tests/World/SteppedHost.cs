using Carrel.Instances.Hosting;
using Carrel.TestKit.Hosting;

namespace Carrel.Simulation.Tests.World;

/// <summary>How a held call goes on.</summary>
internal enum Passage
{
    /// <summary>It is done.</summary>
    Pass,

    /// <summary>The host does not answer, and did nothing.</summary>
    Silent,

    /// <summary>The host does it, and its answer is lost.</summary>
    Lost,

    /// <summary>The host refuses.</summary>
    Refuse,

    /// <summary>The host makes half of the machine and falls silent.</summary>
    Half,
}

/// <summary>The host in memory; while it holds, every call that changes a machine waits until the simulation says how it goes on.</summary>
internal sealed class SteppedHost(InMemoryInstanceHost inner) : IInstanceHost, IHostRules
{
    private readonly Lock _gate = new();
    private readonly List<Held> _held = [];
    private bool _holding;
    private int _calls;

    /// <summary>Grows with every call.</summary>
    internal int Calls => Volatile.Read(ref _calls);

    /// <summary>Machines whose calls wait, in an order that is the same in every run.</summary>
    internal IReadOnlyList<Held> Waiting
    {
        get
        {
            lock (_gate)
                return [.. _held];
        }
    }

    /// <summary>From now on calls wait.</summary>
    internal void Hold()
    {
        lock (_gate)
            _holding = true;
    }

    /// <summary>From now on nothing waits.</summary>
    internal void Open()
    {
        lock (_gate)
        {
            _holding = false;
            _held.ForEach(held => held.Go(Passage.Pass));
        }
    }

    public Task<HostCapacity> CapacityAsync(CancellationToken cancellation) => inner.CapacityAsync(cancellation);

    public Task<string?> LatestImageVersionAsync(CancellationToken cancellation) => inner.LatestImageVersionAsync(cancellation);

    public Task EnsureNetworkAsync(NetworkSpec network, CancellationToken cancellation) => inner.EnsureNetworkAsync(network, cancellation);

    public Task DeleteNetworkAsync(Guid networkId, CancellationToken cancellation) => inner.DeleteNetworkAsync(networkId, cancellation);

    public Task<MachineStatus> EnsureMachineAsync(MachineSpec machine, CancellationToken cancellation) => RunAsync(
        machine.Id, () => inner.EnsureMachineAsync(machine, cancellation), cancellation, () => LeaveHalfMadeAsync(machine, cancellation));

    public Task<MachineStatus> StartMachineAsync(Guid machineId, CancellationToken cancellation) =>
        RunAsync(machineId, () => inner.StartMachineAsync(machineId, cancellation), cancellation);

    public Task StopMachineAsync(Guid machineId, TimeSpan grace, CancellationToken cancellation) =>
        RunAsync(machineId, async () => { await inner.StopMachineAsync(machineId, grace, cancellation); return true; }, cancellation);

    public Task DeleteMachineAsync(Guid machineId, CancellationToken cancellation) =>
        RunAsync(machineId, async () => { await inner.DeleteMachineAsync(machineId, cancellation); return true; }, cancellation);

    public Task<MachineStatus?> InspectMachineAsync(Guid machineId, CancellationToken cancellation) => inner.InspectMachineAsync(machineId, cancellation);

    public Task<IReadOnlyList<MachineStatus>> ListMachinesAsync(CancellationToken cancellation) => inner.ListMachinesAsync(cancellation);

    public Task<IReadOnlyList<Guid>> ListNetworksAsync(CancellationToken cancellation) => inner.ListNetworksAsync(cancellation);

    public IAsyncEnumerable<MachineEvent> WatchAsync(CancellationToken cancellation) => inner.WatchAsync(cancellation);

    public Task PurgeAsync(CancellationToken cancellation) => inner.PurgeAsync(cancellation);

    public Task EnsureHostRulesAsync(CancellationToken cancellation) => inner.EnsureHostRulesAsync(cancellation);

    private async Task<T> RunAsync<T>(Guid machine, Func<Task<T>> call, CancellationToken cancellation, Func<Task>? half = null)
    {
        Interlocked.Increment(ref _calls);
        Passage passage = await WaitAsync(machine, cancellation);
        if (passage == Passage.Refuse)
            throw new HostRefusedException("MachineCannotStart", "The host refuses, because the simulation says so.");
        if (passage == Passage.Half && half is not null)
            await half();
        T result = passage is Passage.Pass or Passage.Lost ? await call() : default!;
        return passage == Passage.Pass ? result : throw new HostUnavailableException("The host is silent, because the simulation says so.");
    }

    private async Task<Passage> WaitAsync(Guid machine, CancellationToken cancellation)
    {
        var held = new Held(machine);
        lock (_gate)
        {
            if (!_holding)
                return Passage.Pass;
            _held.Add(held);
        }

        try
        {
            return await held.Passage.WaitAsync(cancellation);
        }
        finally
        {
            lock (_gate)
                _held.Remove(held);
        }
    }

    private async Task LeaveHalfMadeAsync(MachineSpec machine, CancellationToken cancellation)
    {
        if (await inner.InspectMachineAsync(machine.Id, cancellation) is null)
            inner.LeaveHalfMade(machine);
    }

    /// <summary>A call that waits.</summary>
    internal sealed class Held(Guid machine)
    {
        private readonly TaskCompletionSource<Passage> _passage = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Guid Machine { get; } = machine;

        internal Task<Passage> Passage => _passage.Task;

        internal void Go(Passage how) => _passage.TrySetResult(how);
    }
}
