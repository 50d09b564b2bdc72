using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.Engine.Machines;
using Carrel.Instances.Hosting;

namespace Carrel.Api.Tests.Quotas;

/// <summary>Quotas and usages as clients see them (contract 10.4).</summary>
public sealed class QuotaTests
{
    private const string Location = ApiUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices/locations/local";
    private const string Family = "Standard DSv2 Family Cluster Dedicated vCPUs";

    [Fact(DisplayName = "10.T13 A row of the quotas, sent back with another limit, comes back with Success and that limit")]
    public async Task A_row_sent_back_with_another_limit_comes_back_with_Success()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        JsonNode row = (await api.GetAsync(Location + "/quotas")).Body["value"]![0]!.DeepClone();
        row["limit"] = 48;
        Answer answer = await UpdateAsync(api, row);
        answer.Status.ShouldBe(200, answer.Text);
        JsonObject updated = answer.Body["value"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        updated.Select(member => member.Key).ShouldBe(["id", "type", "limit", "unit", "status"]);
        (Text(updated, "id"), Text(updated, "type"), Number(updated, "limit"), Text(updated, "unit"), Text(updated, "status"))
            .ShouldBe((Text(row, "id"), Text(row, "type"), 48, "Count", "Success"));
        Number((await api.GetAsync(Location + "/quotas")).Body["value"]![0]!, "limit").ShouldBe(48);
        Number((await api.GetAsync(Location + "/usages")).Body["value"]!.AsArray().Single(usage => Text(usage!, "id") == Text(row, "id").Replace("/quotas/", "/usages/", StringComparison.Ordinal))!, "limit").ShouldBe(48);
        Number((await api.GetAsync(Location.Replace("local", "elsewhere", StringComparison.Ordinal) + "/quotas")).Body["value"]![0]!, "limit").ShouldBe(100, "a limit is one location's");
    }

    [Fact]
    public async Task All_rows_may_be_sent_back_as_they_were_got_and_change_nothing()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer before = await api.GetAsync(Location + "/quotas");
        JsonArray rows = before.Body["value"]!.AsArray();
        rows.ShouldContain(row => Text(row!, "type") == "Microsoft.MachineLearningServices/workspaces/quotas");
        Answer answer = await UpdateAsync(api, [.. rows.Select(row => row!.DeepClone())]);
        answer.Body["value"]!.AsArray().ShouldAllBe(row => Text(row!, "status") == "Success");
        (await api.GetAsync(Location + "/quotas")).Text.ShouldBe(before.Text);
    }

    [Fact]
    public async Task Of_many_limits_each_is_decided_on_its_own()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await UpdateAsync(
            api,
            Row(ApiUnderTest.Subscription + "/quotas/Standard_DSv2_Family_Cluster_Dedicated_vCPUs", 10),
            Row(ApiUnderTest.Lab + "/quotas/Standard_DSv2_Family_Cluster_Dedicated_vCPUs", 11),
            Row(ApiUnderTest.Lab + "/quotas/Standard_DSv2_Family_Cluster_Dedicated_vCPUs", 9),
            Row(ApiUnderTest.Subscription + "/quotas/Standard_DSv2_Family_Cluster_Dedicated_vCPUs", 8),
            Row(ApiUnderTest.Workspaces + "/nowhere/quotas/Standard_DSv2_Family_Cluster_Dedicated_vCPUs", 1),
            Row(ApiUnderTest.Subscription + "/quotas/Nothing", 1));
        answer.Body["value"]!.AsArray().Select(row => (Text(row!, "status"), Number(row!, "limit"))).ShouldBe(
        [
            ("Success", 10), ("InvalidQuotaExceedsSubscriptionLimit", -1), ("Success", 9), ("InvalidQuotaExceedsSubscriptionLimit", 10), ("Failure", 1), ("InvalidVMFamilyName", 1),
        ]);
    }

    [Theory]
    [InlineData("{}", "value")]
    [InlineData("""{"value":[{"id":"/subscriptions/x/quotas/y","limit":1}]}""", "value[0].id")]
    [InlineData("""{"value":[{"id":null,"limit":1e400}]}""", "value[0].id")]
    [InlineData("""{"value":[],"location":"westus"}""", "location")]
    public async Task A_bad_body_is_400_with_its_target(string body, string target)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await api.SendAsync("POST", Location + "/updateQuotas", body);
        (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidRequestBody", target));
    }

    [Fact]
    public async Task Limits_are_read_and_set_with_their_own_actions_below_the_subscription()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        (await api.GetAsync(Location + "/quotas", "bob")).Status.ShouldBe(403);
        (await api.SendAsync("POST", Location + "/updateQuotas", "{}", "bob")).Status.ShouldBe(403);
        lock (api.Roles.Asked)
            api.Roles.Asked.TakeLast(2).ShouldBe([("Microsoft.MachineLearningServices/locations/quotas/read", Location), ("Microsoft.MachineLearningServices/locations/updateQuotas/action", Location)]);
    }

    [Fact(DisplayName = "10.T4 The usage drops at Stopped where the quota is released")]
    public async Task The_usage_drops_at_Stopped_where_the_quota_is_released()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody("Standard_DS3_v2", ",\"releaseQuotaOnStop\":true"));
        (await UsedAsync(api)).ShouldBe([("/usages", 4), ("/workspaces/lab/usages", 4), ("/computes/desk/usages", 4)]);
        await api.EndAsync(await api.PostAsync(ApiUnderTest.Compute("desk") + "/stop"));
        (await UsedAsync(api)).ShouldBe([("/usages", 0), ("/workspaces/lab/usages", 0), ("/computes/desk/usages", 0)]);
    }

    [Fact]
    public async Task A_workspace_lists_every_family_with_its_own_limit_and_its_computes()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await UpdateAsync(api, Row(ApiUnderTest.Lab + "/quotas/Standard_DSv2_Family_Cluster_Dedicated_vCPUs", 9));
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody("Standard_DS3_v2"));
        JsonArray rows = (await api.GetAsync(ApiUnderTest.Lab + "/usages")).Body["value"]!.AsArray();
        rows.Count(row => Text(row!, "type").EndsWith("/workspaces/usages", StringComparison.Ordinal)).ShouldBeGreaterThan(5);
        rows.Where(row => Text(row!["name"]!, "value") == Family).Select(row => (Text(row!, "type"), Number(row!, "currentValue"), Number(row!, "limit"))).ShouldBe(
            [("Microsoft.MachineLearningServices/workspaces/usages", 4, 9), ("Microsoft.MachineLearningServices/workspaces/computes/usages", 4, 9)]);
        rows.ShouldAllBe(row => Text(row!, "amlWorkspaceLocation") == "local" && Text(row!, "unit") == "Count");
        (await api.GetAsync(ApiUnderTest.Workspaces + "/nowhere/usages")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_size_that_the_host_does_not_have_carries_a_warning()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        api.Host.Capacity = new HostCapacity(2, 4L << 30);
        await api.Get<HostFacts>().RefreshAsync(CancellationToken.None);
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody("Standard_DS3_v2", top: "\"location\":\"westus\","));
        put.Status.ShouldBe(201);
        put.Headers["Warning"].ShouldBe("299 - \"not applied: location\", 299 - \"overcommitted: The size Standard_DS3_v2 asks for 4 vCPUs and 14 GB of memory; the host has 2 and 4 GB.\"");
    }

    private static Task<Answer> UpdateAsync(ApiUnderTest api, params JsonNode[] rows) =>
        api.SendAsync("POST", Location + "/updateQuotas", new JsonObject { ["location"] = "local", ["value"] = new JsonArray(rows) }.ToJsonString());

    private static JsonObject Row(string id, int limit) => new() { ["id"] = id, ["type"] = "any", ["limit"] = limit, ["unit"] = "Count" };

    private static async Task<(string Scope, int Used)[]> UsedAsync(ApiUnderTest api) =>
        [.. (await api.GetAsync(Location + "/usages")).Body["value"]!.AsArray()
            .Where(row => Text(row!["name"]!, "value") == Family)
            .Select(row => (Scope(Text(row!, "id")), Number(row!, "currentValue")))];

    private static string Scope(string id)
    {
        string scope = id[..(id.LastIndexOf("/usages/", StringComparison.Ordinal) + "/usages".Length)];
        return ((string[])["/computes/", "/workspaces/"]).FirstOrDefault(scope.Contains) is { } kind ? scope[scope.LastIndexOf(kind, StringComparison.Ordinal)..] : "/usages";
    }

    private static string Text(JsonNode row, string member) => row[member]!.GetValue<string>();

    private static int Number(JsonNode row, string member) => row[member]!.GetValue<int>();
}
