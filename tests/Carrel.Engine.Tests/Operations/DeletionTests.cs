using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Operations;

/// <summary>A deletion takes the place of whatever runs.</summary>
public sealed class DeletionTests
{
    [Theory]
    [InlineData("EnsureNetworkAsync")]
    [InlineData("EnsureMachineAsync")]
    [InlineData("StartMachineAsync")]
    public async Task Deleting_while_it_is_created_cancels_the_creation_and_leaves_nothing(string verb)
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        Gate gate = engine.Hold(verb);
        InstanceWriteOutcome creation = await engine.PutAsync("desk");
        await gate.Reached;
        Operation deletion = (await engine.BeginDeleteAsync("desk"))!;
        (await engine.EndAsync(deletion)).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.EndAsync(creation.Operation)).Status.ShouldBe(OperationStatus.Canceled);
        (await engine.FindAsync("desk")).ShouldBeNull();
        engine.Host.BeforeVerb = null;
        (await engine.Host.ListMachinesAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_deletion_is_the_same_operation_and_a_PUT_meanwhile_is_a_conflict()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        Gate gate = engine.Hold("DeleteMachineAsync");
        Operation first = (await engine.BeginDeleteAsync("desk"))!;
        await gate.Reached;
        (await engine.BeginDeleteAsync("desk"))!.Id.ShouldBe(first.Id);
        (await Should.ThrowAsync<RefusedException>(() => engine.PutAsync("desk"))).Findings[0].Code.ShouldBe("ComputeOperationConflict");
        gate.Open();
        await engine.EndAsync(first);
    }

    [Fact]
    public async Task Forty_creations_and_forty_deletions_at_once_all_end_well()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        InstanceWriteOutcome[] created = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => engine.PutAsync($"desk{number}")));
        foreach (InstanceWriteOutcome outcome in created)
            (await engine.EndAsync(outcome.Operation)).Status.ShouldBe(OperationStatus.Succeeded);
        Operation?[] deleted = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => engine.BeginDeleteAsync($"desk{number}")));
        foreach (Operation? operation in deleted)
            (await engine.EndAsync(operation)).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.Host.ListMachinesAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_workspace_takes_its_instances_its_network_and_its_share_along_even_while_one_is_created()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        Workspace workspace = await engine.AddWorkspaceAsync();
        string share = Path.Combine(engine.Home.Shares, workspace.Uid.ToString("D"));
        Directory.CreateDirectory(Path.Combine(share, "Users", "ann"));
        await File.WriteAllTextAsync(Path.Combine(share, "Users", "ann", "work.ipynb"), "{}");
        await engine.RunningAsync("desk");
        Gate gate = engine.Hold("StartMachineAsync");
        await engine.PutAsync("chair");
        await gate.Reached;
        Operation deletion = (await engine.Get<WorkspaceCommands>().DeleteAsync(workspace.Address, EngineUnderTest.As(), default))!;
        (await Should.ThrowAsync<RefusedException>(() => engine.PutAsync("table"))).Kind.ShouldBe(RefusalKind.NotFound);
        gate.Open();
        (await engine.EndAsync(deletion)).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.FindAsync("desk")).ShouldBeNull();
        (await engine.FindAsync("chair")).ShouldBeNull();
        (await engine.Store.ReadAsync(view => view.FindWorkspace(workspace.Uid))).ShouldBeNull();
        (await engine.Host.ListMachinesAsync(default)).ShouldBeEmpty();
        (await engine.Host.ListNetworksAsync(default)).ShouldBeEmpty();
        Directory.GetFileSystemEntries(engine.Home.Shares).ShouldBeEmpty();
        (await engine.AddWorkspaceAsync()).Uid.ShouldNotBe(workspace.Uid);
    }

    [Fact]
    public async Task A_creation_that_hangs_does_not_hold_up_the_deletion_of_its_workspace()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        Workspace workspace = await engine.AddWorkspaceAsync();
        Gate gate = engine.Hold("StartMachineAsync");
        await engine.PutAsync("desk");
        await gate.Reached;
        Operation deletion = (await engine.Get<WorkspaceCommands>().DeleteAsync(workspace.Address, EngineUnderTest.As(), default))!;
        (await engine.EndAsync(deletion)).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.FindAsync("desk")).ShouldBeNull();
    }
}
