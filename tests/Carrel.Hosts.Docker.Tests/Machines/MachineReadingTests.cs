using Carrel.Hosts.Docker.Client;
using Carrel.Hosts.Docker.Daemon;
using Carrel.Hosts.Docker.Machines;
using Carrel.Instances.Hosting;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Machines;

public sealed class MachineReadingTests
{
    private static readonly DateTimeOffset Engine = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-3600, -1, false, true)] // the engine went down in order and stopped it
    [InlineData(-3600, 2, false, true)] // the engine was killed; its successor found out
    [InlineData(60, 120, false, false)] // it ended by itself
    [InlineData(-3600, 7200, true, false)] // it outlived the engine and ended by itself
    [InlineData(-3600, 2, true, true)] // the host was lost, live restore or not
    public void A_machine_ended_with_the_engine_when_it_was_started_under_an_earlier_one(int started, int finished, bool liveRestore, bool expected)
    {
        var state = new ContainerState("exited", false, null, 129, Engine.AddSeconds(started), Engine.AddSeconds(finished));

        MachineReading.EndedWithEngine(state, new EngineLife(Engine, liveRestore)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("created", false, MachinePhase.Incomplete)]
    [InlineData("created", true, MachinePhase.Made)]
    [InlineData("running", true, MachinePhase.Running)]
    [InlineData("paused", true, MachinePhase.Running)]
    [InlineData("exited", true, MachinePhase.Stopped)]
    [InlineData("removing", true, MachinePhase.Incomplete)]
    [InlineData("dead", true, MachinePhase.Incomplete)]
    public void Each_state_of_the_engine_is_one_phase(string status, bool hasSecret, MachinePhase phase) =>
        Read(new ContainerState(status, false, "", 0, Engine, Engine), hasSecret).Phase.ShouldBe(phase);

    [Fact]
    public void A_machine_without_memory_says_so() =>
        Read(new ContainerState("exited", true, "", 137, Engine, Engine), true).ExitReason.ShouldNotBeNull().ShouldContain("memory");

    [Fact]
    public void Without_knowledge_of_the_engine_nothing_ended_with_it() =>
        Read(new ContainerState("exited", false, "", 1, Engine, Engine), true).EndedWithEngine.ShouldBeFalse();

    [Fact]
    public void The_start_of_a_process_is_read_behind_whatever_its_name_is()
    {
        var stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 9 0 12345 1000 1";

        DaemonStart.StartOf(stat, "223.45 400.00\n", Engine).ShouldBe(Engine.AddSeconds(-100), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task The_start_of_this_machines_engine_is_known_and_past()
    {
        var start = await new DaemonStart(DockerSocket.From(null), TimeProvider.System).ReadAsync(TestContext.Current.CancellationToken);

        start.ShouldNotBeNull().ShouldBeLessThan(DateTimeOffset.UtcNow);
    }

    private static MachineStatus Read(ContainerState state, bool hasSecret) =>
        MachineReading.Read(Guid.NewGuid(), new ContainerDetails("id", "name", state, new ContainerConfiguration(null), null), hasSecret, engine: null);
}
