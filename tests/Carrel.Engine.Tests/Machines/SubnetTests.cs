using Carrel.Engine.Commands;
using Carrel.Engine.Machines;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Machines;

/// <summary>A subnet is one isolated network for all instances that name it (contract 14).</summary>
public sealed class SubnetTests
{
    private const string Subnet = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/Desks";
    private static readonly Guid Network = SubnetNetwork.Of(Subnet).Id;

    [Fact(DisplayName = "14.T11 A subnet is made at its first use, shared over workspaces, and gone with its last instance")]
    public async Task A_subnet_is_made_at_its_first_use_shared_and_gone_with_its_last_instance()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        Workspace lab = await engine.AddWorkspaceAsync();
        Workspace annex = await engine.AddWorkspaceAsync("annex");
        await engine.RunningAsync("one", In(Subnet));
        (await NetworksAsync(engine)).ShouldBe([Network]);
        await engine.EndAsync((await engine.PutAsync(EngineUnderTest.Address("two", "annex"), In(Subnet.ToUpperInvariant()))).Operation);
        (await NetworksAsync(engine)).ShouldBe([Network]);
        await engine.RunningAsync("plain");
        (await NetworksAsync(engine)).ShouldBe([Network, lab.Uid], ignoreOrder: true);

        await engine.EndAsync(await engine.BeginDeleteAsync("one"));
        (await NetworksAsync(engine)).ShouldContain(Network);
        await engine.EndAsync(await engine.Get<InstanceCommands>().DeleteAsync(EngineUnderTest.Address("two", "annex"), EngineUnderTest.As(), default));
        (await NetworksAsync(engine)).ShouldBe([lab.Uid]);
        annex.Uid.ShouldNotBe(lab.Uid);
    }

    [Fact(DisplayName = "14.T2 A subnet that instances use in one region is refused in another, and free when they are gone")]
    public async Task A_subnet_lies_where_it_is_used()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.AddWorkspaceAsync("west", "westus");
        await engine.RunningAsync("one", In(Subnet));
        RefusedException refused = await Should.ThrowAsync<RefusedException>(() => engine.PutAsync(EngineUnderTest.Address("two", "west"), In(Subnet.ToLowerInvariant())));
        (refused.Kind, refused.Findings.ShouldHaveSingleItem().Code).ShouldBe((RefusalKind.Invalid, "InvalidSubnet"));
        refused.Message.ShouldContain("'local'");
        await engine.EndAsync(await engine.BeginDeleteAsync("one"));
        (await engine.PutAsync(EngineUnderTest.Address("two", "west"), In(Subnet))).IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task A_subnet_is_fixed_at_creation_and_kept_when_it_is_not_sent()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("one", In(Subnet));
        RefusedException refused = await Should.ThrowAsync<RefusedException>(() => engine.PutAsync("one", In(Subnet + "2")));
        (refused.Kind, refused.Findings.ShouldHaveSingleItem().Code).ShouldBe((RefusalKind.Conflict, "ComputeInstanceImmutableProperty"));
        (await engine.PutAsync("one", In(Subnet.ToUpperInvariant()))).IsNew.ShouldBeFalse();
        (await engine.PutAsync("one")).Instance.Model.SubnetId.ShouldBe(Subnet);
    }

    [Fact]
    public async Task A_network_of_a_subnet_that_nobody_names_is_removed_by_the_reconciler_and_one_in_use_stays()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("one", In(Subnet));
        await engine.EndAsync(await engine.BeginStopAsync("one"));
        Guid orphan = SubnetNetwork.Of(Subnet + "-gone").Id;
        await engine.Host.EnsureNetworkAsync(SubnetNetwork.Of(Subnet + "-gone"), default);
        await EngineUnderTest.UntilAsync(async () => !(await NetworksAsync(engine)).Contains(orphan), "the orphan's removal");
        (await NetworksAsync(engine)).ShouldContain(Network);
        await engine.EndAsync(await engine.BeginStartAsync("one"));
        (await engine.FindAsync("one"))!.State.PrivateAddress.ShouldNotBeNull();
    }

    private static System.Text.Json.JsonElement In(string subnet) => EngineUnderTest.Body(more: $$"""
        "subnet":{"id":"{{subnet}}"},"enableNodePublicIp":false
        """);

    private static Task<IReadOnlyList<Guid>> NetworksAsync(EngineUnderTest engine) => engine.Host.ListNetworksAsync(default);
}
