using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.TestKit.Engines;

namespace Carrel.Api.Tests.Computes;

/// <summary>Compute instances over the wire (contract 1).</summary>
public sealed class ComputeTests
{
    [Theory(DisplayName = "1.T1, 1.T28 A creation takes good names and refuses bad ones")]
    [InlineData("cpu-cluster-1", false)]
    [InlineData("ab", false)]
    [InlineData("1abc", false)]
    [InlineData("abc-", false)]
    [InlineData("a_b", false)]
    [InlineData("ab-12", false)]
    [InlineData("abcdefghijklmnopqrstuvwxy", false)]
    [InlineData("abc%0A", false)]
    [InlineData("abc", true)]
    [InlineData("basic-example-i", true)]
    [InlineData("a-1b", true)]
    [InlineData("CI-2-x", true)]
    [InlineData("GEN8unique", true)]
    [InlineData("basic-ci202306211147", true)]
    [InlineData("ci-name", true)]
    public async Task Statement_1_T1_and_1_T28_names(string name, bool good)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await api.PutAsync(ApiUnderTest.Compute(name), ApiUnderTest.InstanceBody());
        answer.Status.ShouldBe(good ? 201 : 400, answer.Text);
        if (!good)
            answer.Code.ShouldBe("InvalidComputeName");
    }

    [Fact(DisplayName = "1.T3 A size at the outer level only is refused with its target")]
    public async Task Statement_1_T3_a_size_at_the_outer_level_only_is_refused_with_its_target()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await api.PutAsync(ApiUnderTest.Compute("desk"), """{"properties":{"computeType":"ComputeInstance","vmSize":"STANDARD_DS1_V2","properties":{}}}""");
        (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidRequestBody", "properties.properties.vmSize"));
    }

    [Fact(DisplayName = "1.T4, 1.T26 A first PUT is 201 with absolute long running headers")]
    public async Task Statement_1_T4_and_1_T26_a_first_PUT_is_201_with_absolute_long_running_headers()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Gate gate = Gate.At(api.Host, "StartMachineAsync");
        Answer put = await api.SendAsync("PUT", ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(), change: request => request.Headers.Host = "evil.example");
        put.Status.ShouldBe(201);
        put.Body["properties"]!["provisioningState"]!.GetValue<string>().ShouldBe("Creating");
        put.Body["type"]!.GetValue<string>().ShouldBe("Microsoft.MachineLearningServices/workspaces/computes");
        string location = $"{ApiUnderTest.PublicUrl}{ApiUnderTest.Subscription}/providers/Microsoft.MachineLearningServices/locations/local/";
        put.Headers["Azure-AsyncOperation"].ShouldStartWith(location + "computeOperationsStatus/");
        put.Headers["Azure-AsyncOperation"].ShouldEndWith("?api-version=2024-10-01");
        put.Headers["Location"].ShouldStartWith(location + "computeOperationResults/");
        put.Headers["Retry-After"].ShouldBe("1");
        put.Text.ShouldNotContain("evil.example");
        await gate.Reached;
        Inner((await api.GetAsync(ApiUnderTest.Compute("desk"))).Body, "state").ShouldBe("Creating");
        gate.Open();
        await api.EndAsync(put);
        JsonNode running = (await api.GetAsync(ApiUnderTest.Compute("desk"))).Body;
        Inner(running, "state").ShouldBe("Running");
        running["properties"]!["properties"]!["applications"]!.AsArray().Select(link => link!["displayName"]!.GetValue<string>()).ShouldBe(["Jupyter", "Jupyter Lab"]);
    }

    [Fact(DisplayName = "1.2 applications has one entry per endpoint of a custom service, while the instance runs")]
    public async Task Applications_has_one_entry_per_endpoint_of_a_custom_service()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string Service = ",\"customServices\":[{\"name\":\"RStudio\",\"image\":{\"reference\":\"r\"},\"endpoints\":[{\"target\":8787,\"published\":8787},{\"target\":9000,\"published\":9001}]}]";
        Gate gate = Gate.At(api.Host, "StartMachineAsync");
        Answer put = await api.PutAsync(ApiUnderTest.Compute("Desk"), ApiUnderTest.InstanceBody(inner: Service));
        put.Body["properties"]!["properties"]!["applications"]!.AsArray().ShouldBeEmpty();
        gate.Open();
        await api.EndAsync(put);
        (await api.GetAsync(ApiUnderTest.Compute("Desk"))).Body["properties"]!["properties"]!["applications"]!.AsArray()
            .Select(link => (link!["displayName"]!.GetValue<string>(), new Uri(link["endpointUri"]!.GetValue<string>()).Host))
            .ShouldBe(
            [
                ("Jupyter", "desk.local.instances.example"), ("Jupyter Lab", "desk.local.instances.example"),
                ("RStudio", "desk-8787.local.instances.example"), ("RStudio", "desk-9001.local.instances.example"),
            ]);
    }

    [Fact(DisplayName = "1.T10 A changed size is refused and another case is not")]
    public async Task Statement_1_T10_a_changed_size_is_refused_and_another_case_is_not()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody("STANDARD_DS3_v2"));
        Answer changed = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody("STANDARD_D3_V2"));
        (changed.Status, changed.Code, changed.Target).ShouldBe((409, "ComputeInstanceImmutableProperty", "properties.properties.vmSize"));
        (await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody("standard_ds3_v2"))).Status.ShouldBe(200);
    }

    [Fact(DisplayName = "1.T12 Deletion, detach, and the name afterwards")]
    public async Task Statement_1_T12_deletion_detach_and_the_name_afterwards()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        string path = ApiUnderTest.Compute("desk");
        (await api.DeleteAsync(path + "?underlyingResourceAction=Detach")).Status.ShouldBe(400);
        (await api.DeleteAsync(path + "?underlyingResourceAction=Delete&underlyingResourceAction=Detach")).Status.ShouldBe(400);
        (await api.DeleteAsync(path + "?underlyingResourceAction=destroy")).Status.ShouldBe(400);
        Answer deletion = await api.DeleteAsync(path + "?underlyingResourceAction=delete");
        (deletion.Status, deletion.Text).ShouldBe((202, ""));
        (await api.EndAsync(deletion))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        (await api.GetAsync(path)).Code.ShouldBe("ResourceNotFound");
        await api.RunningAsync("desk");
        (await api.DeleteAsync(path)).Status.ShouldBe(202);
    }

    [Fact(DisplayName = "1.T14, 1.T15 Read only and unknown members have no effect")]
    public async Task Statement_1_T14_and_1_T15_read_only_and_unknown_members_have_no_effect()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(inner: ",\"state\":\"Running\",\"foo\":1"));
        put.Status.ShouldBe(201);
        Inner(put.Body, "state").ShouldBe("Creating");
        put.Body["properties"]!["properties"]!["foo"].ShouldBeNull();
    }

    [Fact(DisplayName = "1.T16 A PATCH of tags changes them and modifiedOn only and other members are refused")]
    public async Task Statement_1_T16_a_PATCH_of_tags_changes_them_and_modifiedOn_only_and_other_members_are_refused()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        JsonNode before = await api.RunningAsync("desk");
        Answer patch = await api.SendAsync("PATCH", ApiUnderTest.Compute("desk"), """{"tags":{"a":"b"}}""");
        patch.Status.ShouldBe(200, patch.Text);
        OnlyChanged(before, patch.Body, "tags", "modifiedOn", "lastModifiedAt");
        patch.Body["tags"]!["a"]!.GetValue<string>().ShouldBe("b");
        foreach (string body in new[] { """{"properties":{"scaleSettings":{}}}""", """{"properties":{"properties":{"idleTimeBeforeShutdown":"PT60M"}}}""", """{"location":"west"}""" })
            (await api.SendAsync("PATCH", ApiUnderTest.Compute("desk"), body)).Code.ShouldBe("ComputeInstancePatchNotSupported");
        (await api.SendAsync("PATCH", ApiUnderTest.Compute("none"), "{}")).Code.ShouldBe("ResourceNotFound");
    }

    [Fact]
    public async Task A_PATCH_may_say_the_instances_own_location_again_but_not_move_it()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        Answer same = await api.SendAsync("PATCH", ApiUnderTest.Compute("desk"), """{"location":"local","tags":{"a":"b"}}""");
        (same.Status, same.Body["location"]!.GetValue<string>(), same.Body["tags"]!["a"]!.GetValue<string>()).ShouldBe((200, "local", "b"));
        foreach (string location in new[] { "\"west\"", "7", "null", "{}" })
        {
            Answer moved = await api.SendAsync("PATCH", ApiUnderTest.Compute("desk"), $$"""{"location":{{location}},"tags":{"a":"b"} }""");
            (moved.Status, moved.Code, moved.Target).ShouldBe((400, "ComputeInstancePatchNotSupported", "location"));
        }
    }

    [Fact]
    public async Task A_PATCH_gives_and_takes_the_system_identity()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        JsonNode given = (await api.SendAsync("PATCH", ApiUnderTest.Compute("desk"), """{"identity":{"type":"SystemAssigned"}}""")).Body;
        string first = given["identity"]!["principalId"]!.GetValue<string>();
        (await api.SendAsync("PATCH", ApiUnderTest.Compute("desk"), """{"identity":{"type":"None"}}""")).Body["identity"].ShouldBeNull();
        JsonNode again = (await api.SendAsync("PATCH", ApiUnderTest.Compute("desk"), """{"identity":{"type":"SystemAssigned"}}""")).Body;
        again["identity"]!["principalId"]!.GetValue<string>().ShouldNotBe(first);
    }

    [Theory(DisplayName = "1.T21 What a GET gave can be PUT back with a tag")]
    [InlineData("")]
    [InlineData(",\"setupScripts\":{\"scripts\":{\"creationScript\":{\"scriptSource\":\"inline\",\"scriptData\":\"ZWNobyBoaQ==\",\"timeout\":\"20m\"}}}")]
    [InlineData(",\"schedules\":{\"computeStartStop\":[{\"status\":\"Enabled\",\"action\":\"stop\",\"triggerType\":\"Recurrence\",\"recurrence\":{\"frequency\":\"month\",\"interval\":1,\"timeZone\":\"UTC\",\"schedule\":{\"hours\":[18],\"minutes\":[0],\"monthDays\":[1]}}}]}")]
    [InlineData(",\"customServices\":[{\"name\":\"s\",\"image\":{\"reference\":\"r\"},\"docker\":{\"privileged\":true},\"endpoints\":[{\"protocol\":\"http\",\"name\":\"c\",\"target\":8787,\"published\":8787,\"hostIp\":\"127.0.0.1\"}]}]")]
    [InlineData(",\"releaseQuotaOnStop\":true")]
    public async Task Statement_1_T21_what_a_GET_gave_can_be_PUT_back_with_a_tag(string inner)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        JsonNode before = await api.RunningAsync("desk", ApiUnderTest.InstanceBody(inner: inner));
        JsonNode body = before.DeepClone();
        body["tags"] = new JsonObject { ["k"] = "v" };
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), body.ToJsonString());
        put.Status.ShouldBe(200, put.Text);
        put.Headers.ShouldContainKey("Azure-AsyncOperation");
        put.Headers.ShouldContainKey("Location");
        put.Headers.ShouldContainKey("Retry-After");
        put.Headers.ShouldNotContainKey("Warning");
        put.Body["properties"]!["provisioningState"]!.GetValue<string>().ShouldBe("Updating");
        (await api.EndAsync(put))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        OnlyChanged(before, (await api.GetAsync(ApiUnderTest.Compute("desk"))).Body, "tags", "modifiedOn", "lastModifiedAt");
    }

    [Fact(DisplayName = "1.T24 Another location is answered with the workspace's and a warning")]
    public async Task Statement_1_T24_another_location_is_answered_with_the_workspace_s_and_a_warning()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(top: "\"location\":\"westus\","));
        put.Status.ShouldBe(201);
        put.Body["location"]!.GetValue<string>().ShouldBe("local");
        put.Headers["Warning"].ShouldBe("299 - \"not applied: location\"");
        (await api.PutAsync(ApiUnderTest.Compute("chair"), ApiUnderTest.InstanceBody(top: "\"location\":\"Local\","))).Headers.ShouldNotContainKey("Warning");
        JsonArray usages = (await api.GetAsync(ApiUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices/locations/nowhere/usages")).Body["value"]!.AsArray();
        usages.ShouldNotBeEmpty();
    }

    [Fact(DisplayName = "1.T26 A start of a running instance is 202 with an operation that has succeeded")]
    public async Task Statement_1_T26_a_start_of_a_running_instance_is_202_with_an_operation_that_has_succeeded()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        Answer start = await api.PostAsync(ApiUnderTest.Compute("desk") + "/start");
        (start.Status, start.Text).ShouldBe((202, ""));
        JsonNode status = (await api.GetAsync(ApiUnderTest.Local(start.Headers["Azure-AsyncOperation"]))).Body;
        status["status"]!.GetValue<string>().ShouldBe("Succeeded");
        (await api.PostAsync(ApiUnderTest.Compute("none") + "/start")).Code.ShouldBe("ResourceNotFound");
    }

    [Fact(DisplayName = "1.T27 An absent compute is 204 to delete and 404 to get")]
    public async Task Statement_1_T27_an_absent_compute_is_204_to_delete_and_404_to_get()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer deletion = await api.DeleteAsync(ApiUnderTest.Compute("none"));
        (deletion.Status, deletion.Text).ShouldBe((204, ""));
        Answer get = await api.GetAsync(ApiUnderTest.Compute("none"));
        (get.Status, get.Code).ShouldBe((404, "ResourceNotFound"));
        Answer orphan = await api.DeleteAsync(ApiUnderTest.Workspaces + "/nowhere/computes/none");
        (orphan.Status, orphan.Code).ShouldBe((404, "ParentResourceNotFound"));
    }

    [Fact(DisplayName = "1.T29 An absent identity is kept and None removes it")]
    public async Task Statement_1_T29_an_absent_identity_is_kept_and_None_removes_it()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        JsonNode first = await api.RunningAsync("desk", ApiUnderTest.InstanceBody(top: "\"identity\":{\"type\":\"SystemAssigned\"},"));
        string principal = first["identity"]!["principalId"]!.GetValue<string>();
        Answer kept = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody());
        kept.Body["identity"]!["principalId"]!.GetValue<string>().ShouldBe(principal);
        Answer removed = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(top: "\"identity\":{\"type\":\"None\"},"));
        removed.Body["identity"]?["principalId"].ShouldBeNull();
    }

    [Fact(DisplayName = "1.T30 Words are answered in their canonical spelling")]
    public async Task Statement_1_T30_words_are_answered_in_their_canonical_spelling()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string schedules = ",\"schedules\":{\"computeStartStop\":[{\"status\":\"disabled\",\"action\":\"stop\",\"triggerType\":\"recurrence\",\"recurrence\":{\"frequency\":\"week\",\"interval\":1,\"timeZone\":\"UTC\",\"schedule\":{\"hours\":[18],\"minutes\":[0],\"weekDays\":[\"monday\"]}}}]}";
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(inner: schedules, top: "\"identity\":{\"type\":\"Systemassigned\"},"));
        put.Status.ShouldBe(201, put.Text);
        put.Body["identity"]!["type"]!.GetValue<string>().ShouldBe("SystemAssigned");
        JsonNode row = put.Body["properties"]!["properties"]!["schedules"]!["computeStartStop"]![0]!;
        row["status"]!.GetValue<string>().ShouldBe("Disabled");
        row["action"]!.GetValue<string>().ShouldBe("Stop");
        row["recurrence"]!["frequency"]!.GetValue<string>().ShouldBe("Week");
        row["recurrence"]!["schedule"]!["weekDays"]![0]!.GetValue<string>().ShouldBe("Monday");
    }

    [Fact(DisplayName = "10.T6, 10.T7 and 10.T14 Sizes and usages of any location")]
    public async Task Sizes_and_usages_of_any_location()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string location = ApiUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices/locations/";
        JsonArray usages = (await api.GetAsync(location + "anywhere/usages")).Body["value"]!.AsArray();
        Row(usages, "Clusters").ShouldBe((0, 500));
        Row(usages, "Total Cluster Dedicated Regional vCPUs").ShouldBe((0, 100));
        Row(usages, "Total Cluster LowPriority Regional vCPUs").ShouldBe((0, 100));
        Row(usages, "Standard DSv2 Family Cluster Dedicated vCPUs").ShouldBe((0, 100));
        usages.Where(row => row!["name"]!["value"]!.GetValue<string>().EndsWith("Family Cluster LowPriority vCPUs", StringComparison.Ordinal)).ShouldAllBe(row => row!["limit"]!.GetValue<int>() == -1);
        JsonArray sizes = (await api.GetAsync(location + "local/vmSizes")).Body["value"]!.AsArray();
        sizes.Count.ShouldBe(30);
        sizes.ShouldAllBe(size => size!["supportedComputeTypes"]!.AsArray().Count > 0);
        JsonNode ds3 = sizes.Single(size => size!["name"]!.GetValue<string>() == "Standard_DS3_v2")!;
        (ds3["vCPUs"]!.GetValue<int>(), ds3["memoryGB"]!.GetValue<double>(), ds3["gpus"]!.GetValue<int>(), ds3["maxResourceVolumeMB"]!.GetValue<int>()).ShouldBe((4, 14, 0, 28672));
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody("Standard_DS3_v2"));
        usages = (await api.GetAsync(location + "LOCAL/usages")).Body["value"]!.AsArray();
        Row(usages, "Clusters").ShouldBe((1, 500));
        Row(usages, "Standard DSv2 Family Cluster Dedicated vCPUs").ShouldBe((4, 100));
    }

    private static (int, int) Row(JsonArray rows, string name)
    {
        // The subscription's row; those of workspaces and computes come later.
        JsonNode row = rows.First(row => row!["name"]!["value"]!.GetValue<string>() == name)!;
        return (row["currentValue"]!.GetValue<int>(), row["limit"]!.GetValue<int>());
    }

    private static string Inner(JsonNode body, string name) => body["properties"]!["properties"]![name]!.GetValue<string>();

    private static void OnlyChanged(JsonNode before, JsonNode after, params string[] names)
    {
        JsonNode Without(JsonNode body)
        {
            JsonNode copy = body.DeepClone();
            foreach (string name in names)
            {
                copy.AsObject().Remove(name);
                copy["systemData"]!.AsObject().Remove(name);
                copy["properties"]!.AsObject().Remove(name);
            }

            return copy;
        }

        Without(after).ToJsonString().ShouldBe(Without(before).ToJsonString());
    }
}
