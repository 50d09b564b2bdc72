using Carrel.Engine.Reconciliation;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;
using Carrel.TestKit.Hosting;

namespace Carrel.Engine.Tests.Reconciliation;

/// <summary>What is asked and what the host has become the same again.</summary>
public sealed class ReconcilerTests
{
    private static EngineOptions Seldom(EngineOptions options) => options with { ReconcileEvery = TimeSpan.FromMinutes(10), HeartbeatEvery = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task A_machine_that_went_down_with_its_engine_is_brought_back_and_nobody_is_told_of_an_operation()
    {
        // Seldom: the loss of the host itself must lead to a comparison, not only the minute.
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(change: Seldom);
        await engine.AddWorkspaceAsync();
        ComputeInstance before = await engine.RunningAsync("desk");
        engine.Home.Machines.Restart();
        await EngineUnderTest.UntilAsync(
            async () => (await engine.FindAsync("desk")) is { State.State: InstanceState.Running } now && now.Version > before.Version, "the machine to come back");
        (await engine.Host.ListMachinesAsync(default)).Single().Phase.ShouldBe(MachinePhase.Running);
        (await engine.FindAsync("desk"))!.State.LastOperation.ShouldBe(before.State.LastOperation);
    }

    [Fact]
    public async Task A_stopped_machine_stays_stopped_when_its_engine_restarts()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        engine.Home.Machines.Restart();
        await Task.Delay(600);
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.Stopped);
        (await engine.Host.ListMachinesAsync(default)).Single().Phase.ShouldBe(MachinePhase.Stopped);
    }

    [Fact]
    public async Task A_machine_that_ends_by_itself_is_Unusable_with_the_reason_and_a_restart_repairs_it()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(change: Seldom);
        await engine.AddWorkspaceAsync();
        ComputeInstance instance = await engine.RunningAsync("desk");
        engine.Home.Machines.EndByItself(instance.Uid, DateTimeOffset.UtcNow, "Killed for lack of memory.");
        ComputeInstance unusable = await engine.UntilAsync("desk", InstanceState.Unusable);
        unusable.State.Errors!.Single().Message.ShouldContain("Killed for lack of memory.");
        unusable.State.PrivateAddress.ShouldBeNull();
        unusable.State.LastOperation.ShouldBe(instance.State.LastOperation);
        await engine.EndAsync(await engine.BeginRestartAsync("desk"));
        ComputeInstance repaired = (await engine.FindAsync("desk"))!;
        repaired.State.State.ShouldBe(InstanceState.Running);
        repaired.State.Errors.ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_that_was_removed_behind_our_back_is_Unusable_and_a_restart_makes_a_new_one()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance instance = await engine.RunningAsync("desk");
        await engine.Host.DeleteMachineAsync(instance.Uid, default);
        await engine.UntilAsync("desk", InstanceState.Unusable);
        await engine.EndAsync(await engine.BeginRestartAsync("desk"));
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.Running);
    }

    [Fact]
    public async Task Machines_and_networks_that_belong_to_nobody_are_removed_and_neighbours_are_left_alone()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        Workspace workspace = await engine.AddWorkspaceAsync();
        ComputeInstance kept = await engine.RunningAsync("desk");
        var neighbour = new InMemoryInstanceHost(Guid.NewGuid(), engine.Home.Machines, TimeProvider.System);
        MachineSpec orphan = Spec();
        await neighbour.EnsureMachineAsync(orphan, default);
        await engine.Host.EnsureMachineAsync(Spec(), default);
        engine.Host.LeaveHalfMade(Spec());
        await EngineUnderTest.UntilAsync(async () => (await engine.Host.ListMachinesAsync(default)).Count == 1, "the orphans to go");
        await EngineUnderTest.UntilAsync(async () => (await engine.Host.ListNetworksAsync(default)).Count == 1, "the orphan networks to go");
        (await engine.Host.ListMachinesAsync(default)).Single().Id.ShouldBe(kept.Uid);
        (await engine.Host.ListNetworksAsync(default)).Single().ShouldBe(workspace.Uid);
        (await neighbour.ListMachinesAsync(default)).Single().Id.ShouldBe(orphan.Id);
    }

    [Fact]
    public async Task A_stopped_instance_whose_machine_runs_is_stopped()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance instance = await engine.RunningAsync("desk");
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        await engine.Host.StartMachineAsync(instance.Uid, default);
        await EngineUnderTest.UntilAsync(async () => (await engine.Host.InspectMachineAsync(instance.Uid, default))!.Phase == MachinePhase.Stopped, "the machine to stop");
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.Stopped);
    }

    [Fact]
    public async Task A_start_that_is_asked_for_while_a_stray_machine_is_being_stopped_takes_its_place()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance instance = await engine.RunningAsync("desk");
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        Gate stopping = engine.Hold("StopMachineAsync");
        await engine.Host.StartMachineAsync(instance.Uid, default);
        await stopping.Reached;

        (await engine.EndAsync(await engine.BeginStartAsync("desk"))).Status.ShouldBe(Carrel.Engine.Operations.OperationStatus.Succeeded);

        stopping.Open();
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.Running);
        (await engine.Host.InspectMachineAsync(instance.Uid, default))!.Phase.ShouldBe(MachinePhase.Running);
    }

    [Fact]
    public async Task What_the_host_said_before_an_operation_began_and_ended_decides_nothing()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(change: Seldom);
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        // A pass lists the machine as stopped and is held up; meanwhile the instance is started.
        var slow = new SlowList(engine.Host);
        var reconciler = new Reconciler(engine.Store, slow, new Carrel.Engine.Operations.OperationSignal(TimeProvider.System), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Reconciler>.Instance);
        Task pass = reconciler.RunAsync(default);
        await slow.Listed.Reached;
        await engine.EndAsync(await engine.BeginStartAsync("desk"));
        slow.Listed.Open();
        await pass;
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.Running);
    }

    [Fact]
    public async Task A_silent_agent_makes_the_instance_Unknown_and_it_comes_back_when_it_is_heard()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        engine.Agents.Reachable = false;
        ComputeInstance unknown = await engine.UntilAsync("desk", InstanceState.Unknown);
        unknown.State.PrivateAddress.ShouldNotBeNull();
        engine.Agents.Reachable = true;
        await engine.UntilAsync("desk", InstanceState.Running);
    }

    [Fact]
    public async Task An_unknown_instance_whose_stop_failed_is_still_found_again()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        engine.Agents.Reachable = false;
        await engine.UntilAsync("desk", InstanceState.Unknown);
        Tests.Operations.FailureTests.Refuse(engine.Host, "StopMachineAsync", "Denied");
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        engine.Agents.Reachable = true;
        await engine.UntilAsync("desk", InstanceState.Running);
    }

    [Fact]
    public async Task A_heartbeat_that_breaks_in_an_unexpected_way_ends_neither_the_heartbeats_nor_the_server()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        engine.Agents.Reachable = false;
        await engine.UntilAsync("desk", InstanceState.Unknown);
        int broken = 0;
        engine.Agents.BeforeConnect = _ => Interlocked.Increment(ref broken) < 3 ? throw new IOException("A fault.") : Task.CompletedTask;
        engine.Agents.Reachable = true;
        await engine.UntilAsync("desk", InstanceState.Running);
        broken.ShouldBeGreaterThanOrEqualTo(3);
    }

    private static MachineSpec Spec() => new(
        Guid.NewGuid(), "orphan", "lab", new NetworkSpec(Guid.NewGuid(), "lab"), 1, 1 << 20, 1 << 20, "/tmp/share", "ann", true, new string('a', 64));

    /// <summary>Lists, and then waits.</summary>
    private sealed class SlowList(IInstanceHost inner) : IInstanceHost
    {
        public Gate Listed { get; } = new();

        public async Task<IReadOnlyList<MachineStatus>> ListMachinesAsync(CancellationToken cancellation)
        {
            IReadOnlyList<MachineStatus> listed = await inner.ListMachinesAsync(cancellation);
            await Listed.PassAsync(cancellation);
            return listed;
        }

        public Task<HostCapacity> CapacityAsync(CancellationToken cancellation) => inner.CapacityAsync(cancellation);

        public Task<string?> LatestImageVersionAsync(CancellationToken cancellation) => inner.LatestImageVersionAsync(cancellation);

        public Task EnsureNetworkAsync(NetworkSpec network, CancellationToken cancellation) => inner.EnsureNetworkAsync(network, cancellation);

        public Task DeleteNetworkAsync(Guid networkId, CancellationToken cancellation) => inner.DeleteNetworkAsync(networkId, cancellation);

        public Task<MachineStatus> EnsureMachineAsync(MachineSpec machine, CancellationToken cancellation) => inner.EnsureMachineAsync(machine, cancellation);

        public Task<MachineStatus> StartMachineAsync(Guid machineId, CancellationToken cancellation) => inner.StartMachineAsync(machineId, cancellation);

        public Task StopMachineAsync(Guid machineId, TimeSpan grace, CancellationToken cancellation) => inner.StopMachineAsync(machineId, grace, cancellation);

        public Task DeleteMachineAsync(Guid machineId, CancellationToken cancellation) => inner.DeleteMachineAsync(machineId, cancellation);

        public Task<MachineStatus?> InspectMachineAsync(Guid machineId, CancellationToken cancellation) => inner.InspectMachineAsync(machineId, cancellation);

        public Task<IReadOnlyList<Guid>> ListNetworksAsync(CancellationToken cancellation) => inner.ListNetworksAsync(cancellation);

        public IAsyncEnumerable<MachineEvent> WatchAsync(CancellationToken cancellation) => inner.WatchAsync(cancellation);

        public Task PurgeAsync(CancellationToken cancellation) => inner.PurgeAsync(cancellation);
    }
}
