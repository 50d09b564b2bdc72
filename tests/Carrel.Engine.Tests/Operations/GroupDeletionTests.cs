using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Operations;

/// <summary>A resource group goes with everything in it, whatever happens meanwhile.</summary>
public sealed class GroupDeletionTests
{
    [Fact]
    public async Task A_group_takes_workspaces_machines_networks_and_shares_along_and_touches_no_other()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        Workspace lab = await engine.AddWorkspaceAsync();
        await engine.AddWorkspaceAsync("study");
        Workspace foreign = await engine.AddWorkspaceAsync("elsewhere", subscription: "22222222-2222-2222-2222-222222222222");
        string share = Path.Combine(engine.Home.Shares, lab.Uid.ToString("D"));
        Directory.CreateDirectory(Path.Combine(share, "Users", "ann"));
        await engine.RunningAsync("desk");
        await engine.PutAsync(EngineUnderTest.Address("chair", "study"));

        Operation deletion = await BeginAsync(engine);

        (await engine.EndAsync(deletion)).Status.ShouldBe(OperationStatus.Succeeded);
        await engine.Store.ReadAsync(view =>
        {
            view.FindResourceGroup(EngineUnderTest.Subscription, "team").ShouldBeNull();
            view.ListWorkspaces().ShouldHaveSingleItem().Uid.ShouldBe(foreign.Uid);
            view.ListInstances().ShouldBeEmpty();
            return true;
        });
        (await engine.Host.ListMachinesAsync(default)).ShouldBeEmpty();
        (await engine.Host.ListNetworksAsync(default)).ShouldBeEmpty();
        Directory.Exists(share).ShouldBeFalse();
    }

    [Theory]
    [InlineData("DeleteMachineAsync")]
    [InlineData("DeleteNetworkAsync")]
    public async Task The_next_server_finishes_a_deletion_that_was_interrupted(string verb)
    {
        using var home = new EngineHome();
        Operation deletion;
        await using (EngineUnderTest first = await EngineUnderTest.StartAsync(home))
        {
            await first.AddWorkspaceAsync();
            await first.AddWorkspaceAsync("study");
            await first.RunningAsync("desk");
            Gate gate = first.Hold(verb);
            deletion = await BeginAsync(first);
            await gate.Reached;
        }

        await using EngineUnderTest second = await EngineUnderTest.StartAsync(home);
        (await second.Store.ReadAsync(view => view.FindOperation(deletion.Id)))!.ShouldNotBeNull();
        (await second.EndAsync(deletion)).Status.ShouldBe(OperationStatus.Succeeded);
        (await second.Store.ReadAsync(view => view.FindResourceGroup(EngineUnderTest.Subscription, "team"))).ShouldBeNull();
        (await second.Store.ReadAsync(view => view.ListWorkspaces())).ShouldBeEmpty();
        (await second.Host.ListMachinesAsync(default)).ShouldBeEmpty();
        (await second.Host.ListNetworksAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_died_between_the_last_workspace_and_the_group_leaves_an_operation_that_is_finished()
    {
        using var home = new EngineHome();
        Operation deletion;
        await using (EngineUnderTest first = await EngineUnderTest.StartAsync(home))
        {
            await first.AddWorkspaceAsync();
            deletion = await BeginAsync(first);
            await first.EndAsync(deletion);
            // What a power failure in the last moment leaves.
            await first.Store.WriteAsync(transaction =>
            {
                transaction.Save(new ResourceGroup(EngineUnderTest.Subscription, "team", "local", new Dictionary<string, string>(), deletion.CreatedAt) { Uid = deletion.TargetUid, Deleting = true });
                transaction.Update(deletion with { Step = "DeleteWorkspaces" });
                return true;
            });
        }

        await using EngineUnderTest second = await EngineUnderTest.StartAsync(home);
        (await second.EndAsync(deletion)).Status.ShouldBe(OperationStatus.Succeeded);
        (await second.Store.ReadAsync(view => view.FindResourceGroup(EngineUnderTest.Subscription, "team"))).ShouldBeNull();
    }

    [Fact]
    public async Task A_workspace_that_is_being_deleted_already_is_waited_for()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        Workspace lab = await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        Gate gate = engine.Hold("DeleteMachineAsync");
        Operation first = (await engine.Get<WorkspaceCommands>().DeleteAsync(lab.Address, EngineUnderTest.As(), default))!;
        await gate.Reached;
        Operation second = await BeginAsync(engine);
        gate.Open();
        (await engine.EndAsync(second)).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.EndAsync(first)).Status.ShouldBe(OperationStatus.Succeeded);
    }

    private static Task<Operation> BeginAsync(EngineUnderTest engine) =>
        engine.Get<GroupCommands>().DeleteAsync(EngineUnderTest.Subscription, "team", EngineUnderTest.As(), default);
}
