using System.Text.Json;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using Carrel.Instances.Specs;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Quota;

/// <summary>Which limits may be set, and what a body of an update may look like.</summary>
public sealed class QuotaUpdateTests
{
    private const string Family = "standardDSv2Family";
    private const string Name = "Standard_DSv2_Family_Cluster_Dedicated_vCPUs";
    private const string LabId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/lab/quotas/";

    private static readonly VmSizeCatalogue Sizes = VmSizeCatalogue.Default;
    private static readonly Principal Ann = new(Guid.Empty, Guid.Empty, "ann", "User");
    private static readonly Workspace Lab = new(
        Guid.NewGuid(), new WorkspaceAddress("s", "g", "lab"), "local", new WorkspaceModel(new Dictionary<string, string>(), null, null, null, "None", "{}"), false, Ann, Samples.Now, Ann, Samples.Now, 1);

    [Theory]
    [InlineData("/subscriptions/s/quotas/" + Name, 48, QuotaUpdateStatus.Success, 48)]
    [InlineData("/SUBSCRIPTIONS/S/QUOTAS/STANDARD_DSV2_FAMILY_CLUSTER_DEDICATED_VCPUS", 0, QuotaUpdateStatus.InvalidQuotaBelowClusterMinimum, 100)]
    [InlineData("/subscriptions/s/quotas/" + Name, -1, QuotaUpdateStatus.Success, 100)]
    [InlineData("/subscriptions/s/quotas/Total_Cluster_Dedicated_Regional_vCPUs", 300, QuotaUpdateStatus.Success, 300)]
    [InlineData("/subscriptions/s/quotas/Total_Cluster_Dedicated_Regional_vCPUs", 7, QuotaUpdateStatus.InvalidQuotaBelowClusterMinimum, 100)]
    [InlineData("/subscriptions/s/quotas/Total_Cluster_LowPriority_Regional_vCPUs", 0, QuotaUpdateStatus.Success, 0)]
    [InlineData("/subscriptions/s/quotas/Clusters", 1, QuotaUpdateStatus.InvalidQuotaBelowClusterMinimum, 500)]
    [InlineData("/subscriptions/s/quotas/Clusters", 2500, QuotaUpdateStatus.Success, 2500)]
    [InlineData("/subscriptions/s/quotas/Standard_Nothing", 1, QuotaUpdateStatus.InvalidVMFamilyName, 1)]
    [InlineData("/subscriptions/s/quotas/Standard_DSv2_Family_Cluster_LowPriority_vCPUs", 1, QuotaUpdateStatus.OperationNotSupportedForSku, 1)]
    [InlineData(LabId + Name, 8, QuotaUpdateStatus.Success, 8)]
    [InlineData(LabId + Name, 3, QuotaUpdateStatus.InvalidQuotaBelowClusterMinimum, -1)]
    [InlineData(LabId + Name, 101, QuotaUpdateStatus.InvalidQuotaExceedsSubscriptionLimit, -1)]
    [InlineData(LabId + Name, -1, QuotaUpdateStatus.Success, -1)]
    [InlineData(LabId + "Clusters", 8, QuotaUpdateStatus.OperationNotSupportedForSku, 8)]
    public void A_limit_is_set_from_what_is_in_use_up_to_the_subscription_s(string id, int limit, QuotaUpdateStatus status, int now)
    {
        var decision = Decide(id, limit);
        (decision.Status, decision.Limit).ShouldBe((status, now));
    }

    [Fact]
    public void A_workspace_that_is_not_there_or_elsewhere_gets_no_limit()
    {
        Decide(LabId + Name, 8, workspace: new QuotaWorkspace(null, new Dictionary<string, int>())).Status.ShouldBe(QuotaUpdateStatus.Failure);
        Decide(LabId + Name, 8, workspace: new QuotaWorkspace(Lab with { Location = "westus" }, new Dictionary<string, int>())).Status.ShouldBe(QuotaUpdateStatus.OperationNotEnabledForRegion);
    }

    [Fact]
    public void A_subscription_s_limit_does_not_fall_below_a_workspace_s_own()
    {
        QuotaSetting own = new(QuotaKind.Family, Family, Lab.Uid, 50);
        Decide("/subscriptions/s/quotas/" + Name, 49, settings: [own]).Status.ShouldBe(QuotaUpdateStatus.InvalidQuotaExceedsSubscriptionLimit);
        Decide("/subscriptions/s/quotas/" + Name, 50, settings: [own]).Status.ShouldBe(QuotaUpdateStatus.Success);
    }

    [Fact]
    public void A_limit_that_is_below_what_is_in_use_already_may_be_sent_back_as_it_is()
    {
        QuotaSetting low = new(QuotaKind.Family, Family, null, 4);
        Decide("/subscriptions/s/quotas/" + Name, 4, settings: [low]).Status.ShouldBe(QuotaUpdateStatus.Success);
        Decide("/subscriptions/s/quotas/" + Name, 5, settings: [low]).Status.ShouldBe(QuotaUpdateStatus.InvalidQuotaBelowClusterMinimum);
    }

    [Theory]
    [InlineData("{}", "value")]
    [InlineData("""{"value":null}""", "value")]
    [InlineData("""{"value":[]}""", "value")]
    [InlineData("""{"value":{}}""", "value")]
    [InlineData("""{"value":[1]}""", "value[0]")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x","limit":1}],"location":"westus"}""", "location")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x","limit":1}],"location":5}""", "location")]
    [InlineData("""{"value":[{"limit":1}]}""", "value[0].id")]
    [InlineData("""{"value":[{"id":7,"limit":1}]}""", "value[0].id")]
    [InlineData("""{"value":[{"id":"/subscriptions/other/quotas/x","limit":1}]}""", "value[0].id")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/","limit":1}]}""", "value[0].id")]
    [InlineData("""{"value":[{"id":"Größe","limit":1}]}""", "value[0].id")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x"}]}""", "value[0].limit")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x","limit":"48"}]}""", "value[0].limit")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x","limit":-2}]}""", "value[0].limit")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x","limit":1.5}]}""", "value[0].limit")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x","limit":99999999999}]}""", "value[0].limit")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x","limit":1,"unit":"Bytes"}]}""", "value[0].unit")]
    [InlineData("""{"value":[{"id":"/subscriptions/s/quotas/x","limit":1,"type":[]}]}""", "value[0].type")]
    public void A_bad_body_is_refused_as_a_whole_and_says_where(string body, string target)
    {
        var findings = new List<Finding>();
        QuotaUpdate.Read(JsonElement.Parse(body), "s", "local", findings);
        findings.ShouldHaveSingleItem().Target.ShouldBe(target);
    }

    [Fact]
    public void Every_bad_row_is_a_finding_and_a_thousand_rows_are_the_most()
    {
        var findings = new List<Finding>();
        QuotaUpdate.Read(JsonElement.Parse("""{"VALUE":[{"ID":"x","LIMIT":"y"},{"id":"/subscriptions/s/quotas/x","limit":1},{}],"Location":"LOC al"}"""), "s", "local", findings);
        findings.Select(finding => finding.Target).ShouldBe(["value[0].id", "value[0].limit", "value[2].id", "value[2].limit"]);
        findings.Clear();
        var row = """{"id":"/subscriptions/s/quotas/x","limit":1}""";
        QuotaUpdate.Read(JsonElement.Parse($$"""{"value":[{{string.Join(',', Enumerable.Repeat(row, 1001))}}]}"""), "s", "local", findings);
        findings.ShouldHaveSingleItem().Target.ShouldBe("value");
    }

    [Fact]
    public void Every_row_of_the_list_is_an_id_that_the_update_knows()
    {
        var rows = QuotaBody.Write("s", "local", Sizes, [new QuotaSetting(QuotaKind.Family, Family, Lab.Uid, 9)], [Lab])["value"]!.AsArray();
        rows.Count.ShouldBe((2 * Sizes.Families.Count) + 3);
        foreach (var row in rows)
        {
            var decision = Decide((string)row!["id"]!, (int)row["limit"]!, settings: [new QuotaSetting(QuotaKind.Family, Family, Lab.Uid, 9)]);
            (decision.Status, decision.Limit).ShouldBe((QuotaUpdateStatus.Success, (int)row["limit"]!));
        }

        ((string)rows[0]!["type"]!).ShouldBe("Microsoft.MachineLearningServices/vmFamily/quotas");
        ((string)rows[1]!["type"]!).ShouldBe("Microsoft.MachineLearningServices/workspaces/quotas");
        ((int)rows[1]!["limit"]!).ShouldBe(9);
    }

    // 8 cores of the family in use, 4 of them in the workspace; two computes.
    private static QuotaUpdateDecision Decide(string id, int limit, QuotaSetting[]? settings = null, QuotaWorkspace? workspace = null)
    {
        var read = QuotaId.Read(id)!;
        var use = new QuotaUse(new Dictionary<string, int> { [Family] = 8 }, new Dictionary<string, int>(), 2);
        return QuotaUpdateRules.Decide(
            new QuotaUpdate(id, read, null, limit),
            "local",
            Sizes,
            settings ?? [],
            use,
            read.Workspace is null ? null : workspace ?? new QuotaWorkspace(Lab, new Dictionary<string, int> { [Family] = 4 }));
    }
}
