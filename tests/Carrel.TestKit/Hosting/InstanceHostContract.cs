using Carrel.Instances.Hosting;
using Shouldly;
using Xunit;

namespace Carrel.TestKit.Hosting;

/// <summary>What every <see cref="IInstanceHost"/> does, whatever it runs machines on. A host's tests derive from it.</summary>
public abstract class InstanceHostContract : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private readonly List<HostUnderTest> _installations = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A new installation; all of one test are on the same engine.</summary>
    protected abstract HostUnderTest NewInstallation();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var installation in _installations)
            await installation.Host.PurgeAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Capacity_is_more_than_nothing()
    {
        var capacity = await Install().Host.CapacityAsync(Cancellation);

        capacity.Processors.ShouldBeGreaterThan(0);
        capacity.MemoryBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_latest_image_version_is_the_one_a_new_machine_gets()
    {
        var installation = Install();

        var latest = await installation.Host.LatestImageVersionAsync(Cancellation);

        latest.ShouldNotBeNullOrEmpty();
        (await installation.Host.EnsureMachineAsync(installation.Spec(HostUnderTest.Network()), Cancellation)).ImageVersion.ShouldBe(latest);
    }

    [Fact]
    public async Task A_network_is_made_once_however_often_and_by_however_many_it_is_asked_for()
    {
        var host = Install().Host;
        var network = HostUnderTest.Network();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.EnsureNetworkAsync(network, Cancellation)));
        await host.EnsureNetworkAsync(network, Cancellation);

        (await host.ListNetworksAsync(Cancellation)).ShouldBe([network.Id]);
    }

    [Fact]
    public async Task A_network_is_removed_once_no_machine_needs_it_and_removing_it_again_does_nothing()
    {
        var installation = Install();
        var host = installation.Host;
        var network = HostUnderTest.Network();
        var machine = await MadeAsync(installation, network);

        await host.DeleteNetworkAsync(network.Id, Cancellation);
        (await host.ListNetworksAsync(Cancellation)).ShouldBe([network.Id], "a machine that was never started still needs it");

        await host.DeleteMachineAsync(machine.Id, Cancellation);
        await host.DeleteNetworkAsync(network.Id, Cancellation);
        await host.DeleteNetworkAsync(network.Id, Cancellation);
        (await host.ListNetworksAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_machine_is_made_then_runs_then_is_stopped_and_runs_again_at_the_same_address()
    {
        var installation = Install();
        var host = installation.Host;
        var machine = installation.Spec(HostUnderTest.Network());

        var made = await host.EnsureMachineAsync(machine, Cancellation);
        made.Phase.ShouldBe(MachinePhase.Made);
        made.Address.ShouldBeNull();
        (await PhaseAsync(host, machine.Id)).ShouldBe(MachinePhase.Made);

        var running = await host.StartMachineAsync(machine.Id, Cancellation);
        running.Phase.ShouldBe(MachinePhase.Running);
        running.Address.ShouldNotBeNull();

        await host.StopMachineAsync(machine.Id, Grace, Cancellation);
        var stopped = await host.InspectMachineAsync(machine.Id, Cancellation);
        stopped.ShouldNotBeNull().Phase.ShouldBe(MachinePhase.Stopped);
        stopped.Address.ShouldBeNull();
        stopped.EndedWithEngine.ShouldBeFalse();
        stopped.ExitReason.ShouldNotBeNullOrEmpty();

        (await host.StartMachineAsync(machine.Id, Cancellation)).Address.ShouldBe(running.Address);
    }

    [Fact]
    public async Task Every_verb_may_be_repeated()
    {
        var installation = Install();
        var host = installation.Host;
        var machine = installation.Spec(HostUnderTest.Network());

        await host.EnsureMachineAsync(machine, Cancellation);
        (await host.EnsureMachineAsync(machine, Cancellation)).Phase.ShouldBe(MachinePhase.Made);
        var first = await host.StartMachineAsync(machine.Id, Cancellation);
        (await host.StartMachineAsync(machine.Id, Cancellation)).ShouldBe(first);
        (await host.EnsureMachineAsync(machine, Cancellation)).ShouldBe(first, "a running machine is left as it is");
        await host.StopMachineAsync(machine.Id, Grace, Cancellation);
        await host.StopMachineAsync(machine.Id, Grace, Cancellation);
        (await host.EnsureMachineAsync(machine, Cancellation)).Phase.ShouldBe(MachinePhase.Stopped);
        (await host.ListMachinesAsync(Cancellation)).Count.ShouldBe(1);
        await host.DeleteMachineAsync(machine.Id, Cancellation);
        await host.DeleteMachineAsync(machine.Id, Cancellation);
        (await host.ListMachinesAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Making_the_same_machine_several_times_at_once_makes_one()
    {
        var installation = Install();
        var machine = installation.Spec(HostUnderTest.Network());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => installation.Host.EnsureMachineAsync(machine, Cancellation)));

        var only = (await installation.Host.ListMachinesAsync(Cancellation)).ShouldHaveSingleItem();
        only.Id.ShouldBe(machine.Id);
        only.Phase.ShouldBe(MachinePhase.Made);
    }

    [Fact]
    public async Task What_does_not_exist_is_stopped_and_deleted_in_silence_and_not_found_otherwise()
    {
        var host = Install().Host;
        var nobody = Guid.NewGuid();

        await host.StopMachineAsync(nobody, Grace, Cancellation);
        await host.DeleteMachineAsync(nobody, Cancellation);
        await host.DeleteNetworkAsync(nobody, Cancellation);
        (await host.InspectMachineAsync(nobody, Cancellation)).ShouldBeNull();
        (await host.ListMachinesAsync(Cancellation)).ShouldBeEmpty();
        (await Should.ThrowAsync<HostRefusedException>(() => host.StartMachineAsync(nobody, Cancellation))).Code.ShouldBe("MachineNotFound");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_half_made_machine_is_listed_as_incomplete_does_not_start_and_is_finished_by_asking_again(bool diskOnly)
    {
        var installation = Install();
        var host = installation.Host;
        var machine = await HalfMadeAsync(installation, diskOnly);

        (await PhaseAsync(host, machine.Id)).ShouldBe(MachinePhase.Incomplete);
        (await host.InspectMachineAsync(machine.Id, Cancellation)).ShouldNotBeNull().Phase.ShouldBe(MachinePhase.Incomplete);
        await Should.ThrowAsync<HostRefusedException>(() => host.StartMachineAsync(machine.Id, Cancellation));

        (await host.EnsureMachineAsync(machine, Cancellation)).Phase.ShouldBe(MachinePhase.Made);
        (await PhaseAsync(host, machine.Id)).ShouldBe(MachinePhase.Made);
        (await host.StartMachineAsync(machine.Id, Cancellation)).Phase.ShouldBe(MachinePhase.Running);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_half_made_machine_can_be_deleted(bool diskOnly)
    {
        var installation = Install();
        var machine = await HalfMadeAsync(installation, diskOnly);

        await installation.Host.DeleteMachineAsync(machine.Id, Cancellation);

        (await installation.Host.ListMachinesAsync(Cancellation)).ShouldBeEmpty();
        (await installation.Host.InspectMachineAsync(machine.Id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_private_disk_survives_stop_and_start_and_ends_with_the_machine()
    {
        var installation = Install();
        var host = installation.Host;
        var machine = await RunningAsync(installation, HostUnderTest.Network());
        await installation.WriteHomeAsync(machine.Id, "notes.txt", "kept");

        await host.StopMachineAsync(machine.Id, Grace, Cancellation);
        await host.StartMachineAsync(machine.Id, Cancellation);
        (await installation.ReadHomeAsync(machine.Id, "notes.txt")).ShouldBe("kept");

        await host.DeleteMachineAsync(machine.Id, Cancellation);
        await host.EnsureMachineAsync(machine, Cancellation);
        await host.StartMachineAsync(machine.Id, Cancellation);
        (await installation.ReadHomeAsync(machine.Id, "notes.txt")).ShouldBeNull();
    }

    [Fact]
    public async Task A_running_machine_can_be_deleted()
    {
        var installation = Install();
        var machine = await RunningAsync(installation, HostUnderTest.Network());

        await installation.Host.DeleteMachineAsync(machine.Id, Cancellation);

        (await installation.Host.ListMachinesAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_secret_is_in_nothing_that_the_host_shows()
    {
        var installation = Install();
        var machine = await RunningAsync(installation, HostUnderTest.Network());

        var shown = await installation.DescribeAsync(machine.Id);

        shown.ShouldContain(machine.Id.ToString());
        shown.ShouldNotContain(machine.Secret);
        machine.ToString().ShouldNotContain(machine.Secret);
    }

    [Fact]
    public async Task No_two_machines_share_an_address_even_when_one_of_them_rests()
    {
        var installation = Install();
        var host = installation.Host;
        var network = HostUnderTest.Network();
        var specs = Enumerable.Range(1, 4).Select(number => installation.Spec(network, $"desk-{number}")).ToList();
        await Task.WhenAll(specs.Select(spec => host.EnsureMachineAsync(spec, Cancellation)));
        var resting = await host.StartMachineAsync(specs[0].Id, Cancellation);
        await host.StopMachineAsync(specs[0].Id, Grace, Cancellation);

        var addresses = new List<string?>();
        foreach (var spec in specs[1..])
            addresses.Add((await host.StartMachineAsync(spec.Id, Cancellation)).Address);
        var late = await RunningAsync(installation, network);
        addresses.Add((await host.InspectMachineAsync(late.Id, Cancellation))!.Address);

        addresses.ShouldNotContain(resting.Address);
        addresses.ShouldBeUnique();
        (await host.StartMachineAsync(specs[0].Id, Cancellation)).Address.ShouldBe(resting.Address);
    }

    [Fact]
    public async Task Watching_tells_of_start_end_and_removal_of_own_machines_only()
    {
        var neighbour = Install();
        var installation = Install();
        var host = installation.Host;
        var machine = await MadeAsync(installation, HostUnderTest.Network());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        await using var events = host.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);

        await RunningAsync(neighbour, HostUnderTest.Network());
        await host.StartMachineAsync(machine.Id, Cancellation);
        await host.StopMachineAsync(machine.Id, Grace, Cancellation);
        await host.DeleteMachineAsync(machine.Id, Cancellation);

        foreach (var kind in new[] { MachineEventKind.Started, MachineEventKind.Ended, MachineEventKind.Removed })
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
            events.Current.Kind.ShouldBe(kind);
            events.Current.MachineId.ShouldBe(machine.Id);
        }
    }

    [Fact]
    public async Task Watching_ends_when_it_is_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var events = Install().Host.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Purge_leaves_nothing_of_its_installation_and_everything_of_another()
    {
        var neighbour = Install();
        var installation = Install();
        var network = HostUnderTest.Network();
        var theirs = await RunningAsync(neighbour, network);
        await RunningAsync(installation, HostUnderTest.Network());
        await HalfMadeAsync(installation, diskOnly: true);
        await HalfMadeAsync(installation, diskOnly: false);

        await installation.Host.PurgeAsync(Cancellation);
        await installation.Host.PurgeAsync(Cancellation);

        (await installation.Host.ListMachinesAsync(Cancellation)).ShouldBeEmpty();
        (await installation.Host.ListNetworksAsync(Cancellation)).ShouldBeEmpty();
        (await neighbour.Host.InspectMachineAsync(theirs.Id, Cancellation)).ShouldNotBeNull().Phase.ShouldBe(MachinePhase.Running);
        (await neighbour.Host.ListNetworksAsync(Cancellation)).ShouldBe([network.Id]);
    }

    /// <summary>A new installation, purged at the end of the test.</summary>
    protected HostUnderTest Install()
    {
        var installation = NewInstallation();
        _installations.Add(installation);
        return installation;
    }

    protected static async Task<MachineSpec> MadeAsync(HostUnderTest installation, NetworkSpec network)
    {
        var machine = installation.Spec(network);
        await installation.Host.EnsureNetworkAsync(network, Cancellation);
        await installation.Host.EnsureMachineAsync(machine, Cancellation);
        return machine;
    }

    protected static async Task<MachineSpec> RunningAsync(HostUnderTest installation, NetworkSpec network)
    {
        var machine = await MadeAsync(installation, network);
        await installation.Host.StartMachineAsync(machine.Id, Cancellation);
        return machine;
    }

    private static async Task<MachineSpec> HalfMadeAsync(HostUnderTest installation, bool diskOnly)
    {
        var machine = installation.Spec(HostUnderTest.Network());
        await installation.Host.EnsureNetworkAsync(machine.Network, Cancellation);
        await (diskOnly ? installation.LeaveDiskOnlyAsync(machine) : installation.LeaveWithoutSecretAsync(machine));
        return machine;
    }

    private static async Task<MachinePhase> PhaseAsync(IInstanceHost host, Guid machineId) =>
        (await host.ListMachinesAsync(Cancellation)).Single(machine => machine.Id == machineId).Phase;
}
