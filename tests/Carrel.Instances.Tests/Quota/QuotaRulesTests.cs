using Carrel.Instances.Quota;
using Carrel.Instances.Sizes;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Quota;

public sealed class QuotaRulesTests
{
    private static readonly VmSizeCatalogue Sizes = VmSizeCatalogue.Default;
    private static readonly VmSize Ds3 = Sizes.Find("Standard_DS3_v2")!;
    private static readonly VmSize D3 = Sizes.Find("Standard_D3_v2")!;

    private static Dictionary<string, int> Cores(string family, int cores) => new() { [family] = cores };

    private static QuotaUse Use(string family, int cores, int count = 1) => new(Cores(family, cores), new Dictionary<string, int>(), count);

    [Fact(DisplayName = "10.T1 A full family refuses a third instance")]
    public void A_full_family_refuses_a_third_instance()
    {
        var limits = QuotaLimits.Default(Sizes) with { FamilyCores = Cores("STANDARDDSV2FAMILY", 8) };
        QuotaRules.Decide(Use(Ds3.Family, 4), Ds3, limits).IsAllowed.ShouldBeTrue();
        var decision = QuotaRules.Decide(Use(Ds3.Family, 8, 2), Ds3, limits);
        decision.Code.ShouldBe("ClusterCoreQuotaReached");
        decision.Message!.ShouldContain(Ds3.Family);
    }

    [Fact(DisplayName = "10.T2 The total refuses and its message names the numbers")]
    public void The_total_refuses_and_its_message_names_the_numbers()
    {
        var decision = QuotaRules.Decide(Use(Ds3.Family, 4), D3, QuotaLimits.Default(Sizes) with { TotalCores = 6 });
        decision.Excesses.Count.ShouldBe(1);
        decision.Message!.ShouldContain("quota of 6, of which 4 are in use; the request needs 4");
    }

    [Fact(DisplayName = "10.T9 Special families have no cores by default")]
    public void Special_families_have_no_cores_by_default() =>
        QuotaRules.Decide(QuotaUse.None, Sizes.Find("Standard_NC6s_v3")!, QuotaLimits.Default(Sizes)).Code.ShouldBe("ClusterCoreQuotaReached");

    [Fact(DisplayName = "10.T10 A workspace's limit counts only what the workspace has")]
    public void A_workspace_limit_counts_only_what_the_workspace_has()
    {
        var limits = QuotaLimits.Default(Sizes) with { WorkspaceFamilyCores = Cores(Ds3.Family, 4) };
        var other = Use(Ds3.Family, 4);
        QuotaRules.Decide(other, Ds3, limits).IsAllowed.ShouldBeTrue();
        QuotaRules.Decide(other with { WorkspaceFamilyCores = Cores(Ds3.Family, 4) }, Ds3, limits).IsAllowed.ShouldBeFalse();
    }

    [Fact(DisplayName = "10.T11 The 501st compute is refused, and a start is not counted")]
    public void The_501st_compute_is_refused_but_a_start_is_not_counted()
    {
        var use = QuotaUse.None with { ComputeCount = 500 };
        QuotaRules.Decide(use, Ds3, QuotaLimits.Default(Sizes)).Code.ShouldBe("ComputeCountQuotaReached");
        QuotaRules.Decide(use, Ds3, QuotaLimits.Default(Sizes), isNew: false).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public void Every_exceeded_limit_is_listed_family_first_and_count_last()
    {
        var limits = new QuotaLimits(Cores(Ds3.Family, 1), Cores(Ds3.Family, 1), 1, 0);
        var decision = QuotaRules.Decide(QuotaUse.None, Ds3, limits);
        decision.Excesses.Select(e => e.Message.Split(' ')[1]).ShouldBe(["subscription's", "workspace's", "subscription's", "location"]);
        decision.Excesses[0].Message.ShouldContain("family");
        decision.Excesses[^1].Code.ShouldBe("ComputeCountQuotaReached");
    }

    [Fact(DisplayName = "10.T6 A fresh subscription lists totals and every family")]
    public void A_fresh_subscription_lists_totals_and_every_family()
    {
        var rows = UsageBody.Write("s", Sizes, QuotaUse.None, QuotaLimits.Default(Sizes))["value"]!.AsArray();
        rows.Count.ShouldBe(3 + (2 * Sizes.Families.Count));
        ((string)rows[0]!["name"]!["value"]!).ShouldBe("Clusters");
        ((int)rows[0]!["currentValue"]!).ShouldBe(0);
        ((int)rows[0]!["limit"]!).ShouldBe(500);
        var low = rows.Where(r => ((string)r!["id"]!).EndsWith("Cluster_LowPriority_vCPUs", StringComparison.Ordinal)).ToList();
        low.Count.ShouldBe(Sizes.Families.Count);
        low.ShouldAllBe(r => (int)r!["limit"]! == -1);
        rows.ShouldAllBe(r => (string?)r!["unit"] == "Count" && r["name"]!["localizedValue"] != null);
    }

    [Fact]
    public void Use_and_shares_stand_in_their_rows()
    {
        UsageShare[] shares = [new("/ws", Ds3.Family, 4, false), new("/ws/computes/ci", Ds3.Family, 4, true)];
        var rows = UsageBody.Write("s", Sizes, Use(Ds3.Family, 4), QuotaLimits.Default(Sizes), shares)["value"]!.AsArray();
        var found = rows.Where(r => (int)r!["currentValue"]! == 4).Select(r => (string)r!["id"]!).ToList();
        found.ShouldBe(
        [
            "/subscriptions/s/usages",
            "/subscriptions/s/usages/Standard_DSv2_Family_Cluster_Dedicated_vCPUs",
            "/ws/usages/Standard_DSv2_Family_Cluster_Dedicated_vCPUs",
            "/ws/computes/ci/usages/Standard_DSv2_Family_Cluster_Dedicated_vCPUs",
        ]);
    }
}
