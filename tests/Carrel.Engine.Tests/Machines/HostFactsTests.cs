using Carrel.Engine.Commands;
using Carrel.Engine.Machines;
using Carrel.Engine.Operations;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Machines;

/// <summary>What follows from what the host says of itself: its capacity and its newest image.</summary>
public sealed class HostFactsTests
{
    private static readonly HostCapacity Small = new(2, 4L << 30);

    [Fact]
    public async Task A_size_that_the_host_does_not_have_is_overcommitted_and_answer_and_event_say_so()
    {
        await using EngineUnderTest engine = await StartAsync(CapacityPolicy.Overcommit);
        InstanceWriteOutcome outcome = await engine.PutAsync("big", EngineUnderTest.Body("Standard_DS3_v2"));
        outcome.Capped.ShouldBe("The size Standard_DS3_v2 asks for 4 vCPUs and 14 GB of memory; the host has 2 and 4 GB.");
        (await engine.EndAsync(outcome.Operation)).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.Store.ReadAsync(view => view.ListEvents(outcome.Instance.Address.ResourceId, 10)))
            .Single(happened => happened.Outcome == "Accepted").Detail.ShouldBe(outcome.Capped);
        (await engine.PutAsync("small", EngineUnderTest.Body("Standard_DS1_v2"))).Capped.ShouldBeNull();
    }

    [Fact]
    public async Task A_size_that_the_host_does_not_have_is_refused_with_the_remedy_where_the_operator_wants_that()
    {
        await using EngineUnderTest engine = await StartAsync(CapacityPolicy.Refuse);
        RefusedException refused = await Should.ThrowAsync<RefusedException>(() => engine.PutAsync("big", EngineUnderTest.Body("Standard_DS3_v2")));
        (refused.Kind, refused.Findings.ShouldHaveSingleItem().Code, refused.Findings[0].Target).ShouldBe((RefusalKind.Invalid, "VmSizeNotSupported", "properties.properties.vmSize"));
        refused.Message.ShouldContain("CARREL_CAPACITY");
        (await engine.FindAsync("big")).ShouldBeNull();
        await engine.RunningAsync("small", EngineUnderTest.Body("Standard_DS1_v2"));
    }

    [Fact(DisplayName = "1.T20 A start that fails for capacity ends in Stopped with StartFailed and one error")]
    public async Task A_start_that_fails_for_capacity_ends_in_Stopped()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(change: options => options with { Capacity = CapacityPolicy.Refuse });
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("big", EngineUnderTest.Body("Standard_DS3_v2"));
        await engine.EndAsync(await engine.BeginStopAsync("big"));
        engine.Host.Capacity = Small;
        Operation failed = await engine.EndAsync(await engine.BeginStartAsync("big"));
        (failed.Status, failed.Error!.Code).ShouldBe((OperationStatus.Failed, "InsufficientCapacity"));
        ComputeInstance instance = (await engine.FindAsync("big"))!;
        (instance.State.State, instance.State.LastOperation!.StatusWord).ShouldBe((InstanceState.Stopped, "StartFailed"));
        instance.State.Errors.ShouldHaveSingleItem().Message.ShouldContain("asks for 4 vCPUs");
        (await engine.Host.InspectMachineAsync(instance.Uid, default))!.Phase.ShouldBe(MachinePhase.Stopped);

        engine.Host.Capacity = new HostCapacity(4, 16L << 30);
        (await engine.EndAsync(await engine.BeginStartAsync("big"))).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.FindAsync("big"))!.State.Errors.ShouldBeNull();
    }

    [Fact(DisplayName = "14.T5 and 14.T6 A new image flips what is latest, and only a new instance gets it")]
    public async Task A_new_image_flips_what_is_latest_and_only_a_new_instance_gets_it()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        engine.Home.Machines.ImageVersion = "26.11.01";
        ComputeInstance old = await engine.RunningAsync("old");
        var facts = engine.Get<HostFacts>();
        (old.State.ImageVersion, facts.LatestImageVersion).ShouldBe(("26.11.01", "26.11.01"));

        engine.Home.Machines.ImageVersion = "26.12.01";
        await EngineUnderTest.UntilAsync(() => Task.FromResult(facts.LatestImageVersion == "26.12.01"), "the new image to be known");
        (await engine.FindAsync("old"))!.Version.ShouldBe(old.Version, "the instance is not touched");
        (await engine.RunningAsync("new")).State.ImageVersion.ShouldBe("26.12.01");
        await engine.EndAsync(await engine.BeginRestartAsync("old"));
        (await engine.FindAsync("old"))!.State.ImageVersion.ShouldBe("26.11.01");
        await engine.EndAsync(await engine.BeginDeleteAsync("old"));
        (await engine.RunningAsync("old")).State.ImageVersion.ShouldBe("26.12.01");
    }

    private static async Task<EngineUnderTest> StartAsync(CapacityPolicy policy)
    {
        EngineUnderTest engine = await EngineUnderTest.StartAsync(change: options => options with { Capacity = policy }, script: host => host.Capacity = Small);
        await engine.AddWorkspaceAsync();
        await EngineUnderTest.UntilAsync(() => Task.FromResult(engine.Get<HostFacts>().Capacity is not null), "the host's first answer");
        return engine;
    }
}
