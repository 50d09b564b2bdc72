using Carrel.Instances.Hosting;
using Carrel.TestKit.Hosting;
using Shouldly;
using Xunit;

namespace Carrel.TestKit.Tests.Hosting;

/// <summary>The contract kit on the in-memory host, and the accidents that it can play.</summary>
public sealed class InMemoryInstanceHostTests : InstanceHostContract
{
    private readonly InMemoryEngine _engine = new();

    protected override HostUnderTest NewInstallation() => new InMemoryUnderTest(new InMemoryInstanceHost(Guid.NewGuid(), _engine, TimeProvider.System));

    [Fact]
    public async Task A_restart_of_the_engine_ends_what_ran_and_says_so()
    {
        var installation = Install();
        var running = await RunningAsync(installation, HostUnderTest.Network());
        var made = await MadeAsync(installation, HostUnderTest.Network());

        _engine.Restart();

        var ended = await installation.Host.InspectMachineAsync(running.Id, Cancellation);
        ended.ShouldNotBeNull().Phase.ShouldBe(MachinePhase.Stopped);
        ended.EndedWithEngine.ShouldBeTrue();
        (await installation.Host.InspectMachineAsync(made.Id, Cancellation)).ShouldNotBeNull().Phase.ShouldBe(MachinePhase.Made);
    }

    [Fact]
    public async Task A_machine_that_ends_by_itself_is_told_and_did_not_end_with_the_engine()
    {
        var installation = Install();
        var machine = await RunningAsync(installation, HostUnderTest.Network());
        await using var events = installation.Host.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        _engine.EndByItself(machine.Id, DateTimeOffset.UnixEpoch);

        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Kind.ShouldBe(MachineEventKind.Ended);
        (await installation.Host.InspectMachineAsync(machine.Id, Cancellation)).ShouldNotBeNull().EndedWithEngine.ShouldBeFalse();
    }

    [Fact]
    public async Task An_engine_that_is_away_answers_nothing_and_ends_watching()
    {
        var host = Install().Host;
        await using var events = host.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        _engine.Available = false;

        await Should.ThrowAsync<HostUnavailableException>(() => host.ListMachinesAsync(Cancellation));
        await Should.ThrowAsync<HostUnavailableException>(() => events.MoveNextAsync().AsTask());
        _engine.Available = true;
        (await host.ListMachinesAsync(Cancellation)).ShouldBeEmpty();
    }

    private sealed class InMemoryUnderTest(InMemoryInstanceHost host) : HostUnderTest
    {
        public override IInstanceHost Host => host;

        public override string ShareFolder => "/share";

        public override Task LeaveDiskOnlyAsync(MachineSpec machine) => LeaveWithoutSecretAsync(machine);

        public override Task LeaveWithoutSecretAsync(MachineSpec machine)
        {
            host.LeaveHalfMade(machine);
            return Task.CompletedTask;
        }

        public override Task WriteHomeAsync(Guid machineId, string name, string content)
        {
            host.WriteHome(machineId, name, content);
            return Task.CompletedTask;
        }

        public override Task<string?> ReadHomeAsync(Guid machineId, string name) => Task.FromResult(host.ReadHome(machineId, name));

        public override async Task<string> DescribeAsync(Guid machineId) => (await host.InspectMachineAsync(machineId, Cancellation))!.ToString();
    }
}
