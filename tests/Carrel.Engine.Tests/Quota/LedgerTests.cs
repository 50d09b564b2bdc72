using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Engine.Quota;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Quota;

/// <summary>Who holds how many cores (contract 10.2).</summary>
public sealed class LedgerTests
{
    private const string Family = "standardDSv2Family";
    private const string Ds3 = "Standard_DS3_v2";
    private const string Released = "\"releaseQuotaOnStop\":true";

    [Fact(DisplayName = "10.T1 A stopped instance holds its cores until it is deleted")]
    public async Task A_stopped_instance_holds_its_cores_until_it_is_deleted()
    {
        await using EngineUnderTest engine = await WithLimitsAsync(new QuotaSetting(QuotaKind.Family, Family, null, 8));
        await engine.RunningAsync("one", EngineUnderTest.Body(Ds3));
        await engine.RunningAsync("two", EngineUnderTest.Body(Ds3));
        await engine.EndAsync(await engine.BeginStopAsync("two"));
        (await RefusedAsync(engine, "three", Ds3)).Message.ShouldContain($"family {Family} has a vCPU quota of 8, of which 8 are in use; the request needs 4");
        await engine.EndAsync(await engine.BeginDeleteAsync("two"));
        (await engine.PutAsync("three", EngineUnderTest.Body(Ds3))).IsNew.ShouldBeTrue();
    }

    [Fact(DisplayName = "10.T2 The total over all families refuses, and its message names limit, use and request")]
    public async Task The_total_over_all_families_refuses()
    {
        await using EngineUnderTest engine = await WithLimitsAsync(new QuotaSetting(QuotaKind.TotalDedicated, "", null, 6));
        await engine.PutAsync("one", EngineUnderTest.Body(Ds3));
        RefusedException refused = await RefusedAsync(engine, "two", "Standard_D3_v2");
        refused.Findings.ShouldHaveSingleItem().Code.ShouldBe("ClusterCoreQuotaReached");
        refused.Message.ShouldContain("total of all families has a vCPU quota of 6, of which 4 are in use; the request needs 4");
    }

    [Fact(DisplayName = "10.T4 Cores given back at the stop are taken again at the start, or the start is refused and nothing changes")]
    public async Task Cores_that_were_given_back_are_taken_again_or_the_start_is_refused()
    {
        await using EngineUnderTest engine = await WithLimitsAsync(new QuotaSetting(QuotaKind.Family, Family, null, 4));
        await engine.RunningAsync("one", EngineUnderTest.Body(Ds3, Released));
        (await CoresAsync(engine)).ShouldBe(4);
        await engine.EndAsync(await engine.BeginStopAsync("one"));
        (await CoresAsync(engine)).ShouldBe(0);
        await engine.RunningAsync("two", EngineUnderTest.Body(Ds3));

        ComputeInstance before = (await engine.FindAsync("one"))!;
        RefusedException refused = await Should.ThrowAsync<RefusedException>(() => engine.BeginStartAsync("one"));
        (refused.Kind, refused.Findings.ShouldHaveSingleItem().Code).ShouldBe((RefusalKind.Invalid, "ClusterCoreQuotaReached"));
        ComputeInstance after = (await engine.FindAsync("one"))!;
        (after.State.State, after.Version, await CoresAsync(engine)).ShouldBe((InstanceState.Stopped, before.Version, 4));

        await engine.EndAsync(await engine.BeginDeleteAsync("two"));
        await engine.EndAsync(await engine.BeginStartAsync("one"));
        (await engine.FindAsync("one"))!.State.State.ShouldBe(InstanceState.Running);
        (await CoresAsync(engine)).ShouldBe(4);
    }

    [Fact]
    public async Task Of_two_parallel_starts_with_cores_for_one_exactly_one_is_accepted()
    {
        await using EngineUnderTest engine = await WithLimitsAsync(new QuotaSetting(QuotaKind.Family, Family, null, 4));
        foreach (string name in (string[])["one", "two"])
        {
            await engine.RunningAsync(name, EngineUnderTest.Body(Ds3, Released));
            await engine.EndAsync(await engine.BeginStopAsync(name));
        }

        bool[] accepted = await Task.WhenAll(((string[])["one", "two"]).Select(async name =>
        {
            try
            {
                await engine.BeginStartAsync(name);
                return true;
            }
            catch (RefusedException)
            {
                return false;
            }
        }));
        accepted.Count(one => one).ShouldBe(1);
        (await CoresAsync(engine)).ShouldBe(4);
    }

    [Fact]
    public async Task A_start_that_fails_gives_the_cores_back_again()
    {
        await using EngineUnderTest engine = await WithLimitsAsync();
        await engine.RunningAsync("one", EngineUnderTest.Body(Ds3, Released));
        await engine.EndAsync(await engine.BeginStopAsync("one"));
        engine.Host.BeforeVerb = (verb, _) => verb == "StartMachineAsync" ? throw new HostRefusedException("MachineCannotStart", "No.") : Task.CompletedTask;
        (await engine.EndAsync(await engine.BeginStartAsync("one"))).Status.ShouldBe(OperationStatus.Failed);
        (await engine.FindAsync("one"))!.State.State.ShouldBe(InstanceState.Stopped);
        (await CoresAsync(engine)).ShouldBe(0);
    }

    [Fact(DisplayName = "10.T9 A family whose limit is 0 takes no instance")]
    public async Task A_family_whose_limit_is_0_takes_no_instance()
    {
        await using EngineUnderTest engine = await WithLimitsAsync();
        (await RefusedAsync(engine, "gpu", "Standard_NC6s_v3")).Message.ShouldContain("quota of 0");
    }

    [Fact(DisplayName = "10.T10 A workspace's own limit holds there and nowhere else")]
    public async Task A_workspace_s_own_limit_holds_there_and_nowhere_else()
    {
        await using EngineUnderTest engine = await WithLimitsAsync();
        await engine.AddWorkspaceAsync("annex");
        Workspace lab = (await engine.Store.ReadAsync(view => view.FindWorkspace(new WorkspaceAddress(EngineUnderTest.Subscription, "team", "lab"))))!;
        string id = lab.Address.ResourceId + "/quotas/Standard_DSv2_Family_Cluster_Dedicated_vCPUs";
        (await SetAsync(engine, id, 101)).Status.ShouldBe(QuotaUpdateStatus.InvalidQuotaExceedsSubscriptionLimit);
        (await SetAsync(engine, id, 4)).Status.ShouldBe(QuotaUpdateStatus.Success);

        await engine.PutAsync("one", EngineUnderTest.Body(Ds3));
        (await RefusedAsync(engine, "two", Ds3)).Findings.ShouldHaveSingleItem().Message.ShouldContain($"workspace's family {Family} has a vCPU quota of 4, of which 4 are in use");
        (await engine.PutAsync(EngineUnderTest.Address("two", "annex"), EngineUnderTest.Body(Ds3))).IsNew.ShouldBeTrue();

        (await SetAsync(engine, id, -1)).Status.ShouldBe(QuotaUpdateStatus.Success);
        (await engine.PutAsync("three", EngineUnderTest.Body(Ds3))).IsNew.ShouldBeTrue();
        (await engine.Store.ReadAsync(view => view.ListEvents(id, 10))).Count.ShouldBe(2, "each change is an event, a refusal is none");
    }

    [Fact(DisplayName = "10.T11 With 500 computes present the 501st is refused")]
    public async Task With_500_computes_present_the_501st_is_refused()
    {
        await using EngineUnderTest engine = await WithLimitsAsync();
        ComputeInstance one = (await engine.PutAsync("one")).Instance;
        await engine.EndAsync(await engine.BeginDeleteAsync("one"));
        await engine.Store.WriteAsync(transaction =>
        {
            for (int number = 0; number < 500; number++)
                transaction.Insert(one with { Uid = Guid.NewGuid(), Address = one.Address with { Name = $"many-{number}x" }, State = one.State with { State = InstanceState.Stopped } }, Family, 0);
            return true;
        });
        (await RefusedAsync(engine, "late", "STANDARD_DS1_V2")).Findings.ShouldHaveSingleItem().Code.ShouldBe("ComputeCountQuotaReached");
    }

    [Fact(DisplayName = "10.T12 A refused PUT leaves the usage as it was")]
    public async Task A_refused_PUT_leaves_the_usage_as_it_was()
    {
        await using EngineUnderTest engine = await WithLimitsAsync(new QuotaSetting(QuotaKind.Family, Family, null, 4), new QuotaSetting(QuotaKind.TotalDedicated, "", null, 5));
        await engine.PutAsync("one", EngineUnderTest.Body(Ds3));
        RefusedException refused = await RefusedAsync(engine, "two", Ds3);
        refused.Findings.Select(finding => finding.Message.Contains("family ", StringComparison.Ordinal)).ShouldBe([true, false], "every limit it would exceed is told, the family first");
        await Should.ThrowAsync<RefusedException>(() => engine.PutAsync("two", EngineUnderTest.Body("STANDARD_DS1_V2", "\"idleTimeBeforeShutdown\":\"PT1M\"")));
        QuotaUse use = await engine.Store.ReadAsync(view => QuotaLedger.Use(view, EngineUnderTest.Subscription, "local"));
        (use.TotalCores, use.ComputeCount).ShouldBe((4, 1));
        (await engine.FindAsync("two")).ShouldBeNull();
    }

    [Fact]
    public async Task A_deleted_workspace_leaves_no_limit_to_a_new_one_of_its_name()
    {
        await using EngineUnderTest engine = await WithLimitsAsync();
        var address = new WorkspaceAddress(EngineUnderTest.Subscription, "team", "lab");
        await SetAsync(engine, address.ResourceId + "/quotas/Standard_DSv2_Family_Cluster_Dedicated_vCPUs", 4);
        await engine.EndAsync(await engine.Get<WorkspaceCommands>().DeleteAsync(address, EngineUnderTest.As(), default));
        (await engine.Store.ReadAsync(view => view.ListQuotas(EngineUnderTest.Subscription, "local"))).ShouldBeEmpty();
    }

    internal static async Task<EngineUnderTest> WithLimitsAsync(params QuotaSetting[] limits)
    {
        EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.Store.WriteAsync(transaction =>
        {
            foreach (QuotaSetting limit in limits)
                transaction.Save(EngineUnderTest.Subscription, "local", limit);
            return true;
        });
        return engine;
    }

    internal static async Task<int> CoresAsync(EngineUnderTest engine) =>
        (await engine.Store.ReadAsync(view => view.CoresInUse(EngineUnderTest.Subscription, "local"))).Sum(use => use.Cores);

    private static Task<RefusedException> RefusedAsync(EngineUnderTest engine, string name, string size) =>
        Should.ThrowAsync<RefusedException>(() => engine.PutAsync(name, EngineUnderTest.Body(size)));

    private static async Task<QuotaUpdateDecision> SetAsync(EngineUnderTest engine, string id, int limit) =>
        (await engine.Get<QuotaCommands>().UpdateAsync(
            EngineUnderTest.Subscription, "local", [new QuotaUpdate(id, QuotaId.Read(id)!, null, limit)], EngineUnderTest.As(), default)).Single();
}
