using Carrel.Engine.Commands;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Commands;

/// <summary>Names, owners and cores when many ask at once.</summary>
public sealed class NameAndQuotaTests
{
    private const string OtherSubscription = "22222222-2222-2222-2222-222222222222";

    [Fact(DisplayName = "1.T2 Names are unique in a region over workspaces and subscriptions")]
    public async Task Statement_1_T2_names_are_unique_in_a_region_over_workspaces_and_subscriptions()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync("a", "eastus");
        await engine.AddWorkspaceAsync("b", "eastus", OtherSubscription);
        await engine.AddWorkspaceAsync("c", "westus");
        await engine.PutAsync(EngineUnderTest.Address("Alpha1", "a"));
        RefusedException refused = await Should.ThrowAsync<RefusedException>(() => engine.PutAsync(EngineUnderTest.Address("alpha1", "b", OtherSubscription)));
        refused.Kind.ShouldBe(RefusalKind.Conflict);
        refused.Findings[0].Code.ShouldBe("ComputeNameAlreadyInUse");
        refused.Message.ShouldContain("region");
        (await engine.PutAsync(EngineUnderTest.Address("alpha1", "c"))).IsNew.ShouldBeTrue();
        (await Should.ThrowAsync<RefusedException>(() => engine.PutAsync(EngineUnderTest.Address("Alpha1", "c")))).Findings[0].Code.ShouldBe("ComputeOperationConflict");
    }

    [Fact(DisplayName = "1.T17 Of simultaneous PUTs of one name exactly one creates")]
    public async Task Statement_1_T17_of_simultaneous_PUTs_of_one_name_exactly_one_creates()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        string[] outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                return (await engine.PutAsync("desk")).IsNew ? "created" : "updated";
            }
            catch (RefusedException refused)
            {
                return refused.Kind.ToString();
            }
        }));
        outcomes.Count(outcome => outcome == "created").ShouldBe(1);
        outcomes.ShouldAllBe(outcome => outcome == "created" || outcome == "updated" || outcome == "Conflict");
        (await engine.Store.ReadAsync(view => view.ListInstances())).Count.ShouldBe(1);
    }

    [Fact(DisplayName = "10.T5 Ten parallel PUTs with room for one create exactly one")]
    public async Task Ten_parallel_PUTs_with_room_for_one_create_exactly_one()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        // 84 of the family's 100 cores: room for one more of 16.
        for (int number = 0; number < 5; number++)
            await engine.PutAsync($"full{number}", EngineUnderTest.Body("STANDARD_DS5_V2"));
        await engine.PutAsync("rest", EngineUnderTest.Body("STANDARD_DS3_V2"));
        RefusedException?[] outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async number =>
        {
            try
            {
                await engine.PutAsync($"late{number}", EngineUnderTest.Body("standard_ds5_v2"));
                return null;
            }
            catch (RefusedException refused)
            {
                return refused;
            }
        }));
        outcomes.Count(refused => refused is null).ShouldBe(1);
        foreach (RefusedException refused in outcomes.OfType<RefusedException>())
        {
            refused.Kind.ShouldBe(RefusalKind.Invalid);
            refused.Findings[0].Code.ShouldBe("ClusterCoreQuotaReached");
            refused.Message.ShouldContain("100");
        }

        (await engine.Store.ReadAsync(view => view.CoresInUse(EngineUnderTest.Subscription, "local"))).Sum(use => use.Cores).ShouldBe(100);
    }

    [Fact]
    public async Task Two_owners_with_the_same_alias_never_share_a_folder()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        Principal other = Named("aaaaaaaa-0000-0000-0000-0000000000ff", "ANN@fabrikam.com");
        Principal third = Named("aaaaaaaa-0000-0000-0000-0000000000fe", "ann@third.org");
        (await engine.PutAsync("desk1")).Instance.OwnerAlias.ShouldBe("ann");
        (await engine.PutAsync("desk2", who: other)).Instance.OwnerAlias.ShouldBe("annaaaa");
        (await engine.PutAsync("desk3", who: third)).Instance.OwnerAlias.ShouldBe("ann-" + third.ObjectId.ToString("N"));
        (await engine.PutAsync("desk4")).Instance.OwnerAlias.ShouldBe("ann");
        (await engine.PutAsync("desk5", who: other)).Instance.OwnerAlias.ShouldBe("annaaaa");
    }

    [Fact]
    public async Task Nobody_inherits_the_folder_of_somebody_whose_instances_are_gone()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        await engine.EndAsync(await engine.BeginDeleteAsync("desk"));
        (await engine.PutAsync("desk", who: Named("bbbbbbbb-0000-0000-0000-000000000001", "ann@fabrikam.com"))).Instance.OwnerAlias.ShouldBe("annbbbb");
    }

    [Theory]
    [InlineData("..@evil", "_..")]
    [InlineData("../../etc@evil", "_.._.._etc")]
    [InlineData("@evil", "_")]
    [InlineData("Zoë Smith", "zo__smith")]
    public void An_alias_never_leaves_or_hides_its_folder(string name, string alias) => OwnerAlias.From(name).ShouldBe(alias);

    private static Principal Named(string id, string name) => new(Guid.Parse(id), EngineUnderTest.Ann.TenantId, name, "User");
}
