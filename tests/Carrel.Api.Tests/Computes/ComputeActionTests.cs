using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using Carrel.TestKit.Engines;
using static Carrel.Api.Tests.Support.ApiUnderTest;

namespace Carrel.Api.Tests.Computes;

/// <summary>The calls that change one setting, or answer a question (contract 1.3, 1.6).</summary>
public sealed class ComputeActionTests
{
    private const string Cron = """{"action":"stop","triggerType":"cron","cron":{"expression":"0 18 * * *","triggerType":"Cron"}}""";
    private const string Service = """{"name":"rstudio","image":{"reference":"r:1"},"endpoints":[{"protocol":"HTTP","name":"connect","target":8787,"published":8787,"hostIp":null}]}""";
    private const string Mount = """{"mountAction":"Mount","mountMode":"readonly","mountName":"hello","mountPath":"/data/hello","source":"azureml://somewhere","sourceType":"uri"}""";

    public static TheoryData<string, string, string> Changes => new()
    {
        { "updateIdleShutdownSetting", """{"idleTimeBeforeShutdown":"PT30M"}""", """{"idleTimeBeforeShutdown":"PT30M"}""" },
        { "updateSchedules", $$"""{"computeStartStop":[{{Cron}}]}""", """{"schedules":{"computeStartStop":[{"provisioningStatus":"Completed","status":"Enabled","action":"Stop","triggerType":"Cron","cron":{"timeZone":"UTC","expression":"0 18 * * *"}}]}}""" },
        { "customServices", $"[{Service}]", """{"customServices":[{"name":"rstudio","image":{"reference":"r:1","type":"docker"},"endpoints":[{"protocol":"http","name":"connect","target":8787,"published":8787}],"type":"docker"}]}""" },
        { "updateDataMounts", $"[{Mount}]", """{"dataMounts":[{"source":"azureml://somewhere","sourceType":"URI","mountName":"hello","mountAction":"Mount","mountMode":"ReadOnly","createdBy":"ann@contoso.com","mountState":"MountRequested","mountPath":"/data/hello"}]}""" },
        { "enableSso", """{"enableSSO":false}""", """{"enableSSO":false}""" },
    };

    [Theory(DisplayName = "1.6 A setting call is 200 without a body, shows at the next GET and leaves lastOperation (1.5)")]
    [MemberData(nameof(Changes))]
    public async Task A_setting_call_answers_200_and_changes_its_setting_only(string call, string body, string shown)
    {
        await using ApiUnderTest api = await StartAsync();
        JsonNode before = await api.RunningAsync("desk");
        Answer answer = await api.PostAsync("desk", call, body);
        (answer.Status, answer.Text).ShouldBe((200, ""), answer.Text);
        JsonNode after = (await api.GetAsync(Compute("desk"))).Body;
        foreach ((string name, JsonNode? value) in JsonNode.Parse(shown)!.AsObject())
            WithoutIds(Inner(after)[name]!).ShouldBe(value!.ToJsonString());
        Inner(after)["lastOperation"]!.ToJsonString().ShouldBe(Inner(before)["lastOperation"]!.ToJsonString());
        after["systemData"]!["lastModifiedAt"]!.GetValue<string>().ShouldNotBe(before["systemData"]!["lastModifiedAt"]!.GetValue<string>());
        Answer again = await api.PutAsync(Compute("desk"), after.ToJsonString());
        (again.Status, again.Headers.ContainsKey("Warning")).ShouldBe((200, false), again.Text);
        (await api.GetAsync(Compute("desk"))).Text.ShouldBe(after.ToJsonString(), "what a GET gave can be PUT back");
    }

    [Fact]
    public async Task Every_setting_call_is_one_event_that_names_its_action_and_what_changed()
    {
        await using ApiUnderTest api = await StartAsync();
        string resource = (await api.RunningAsync("desk"))["id"]!.GetValue<string>();
        foreach ((string call, string body, string shown) in Changes.Select(row => row.Data))
        {
            (await api.PostAsync("desk", call, body)).Status.ShouldBe(200);
            ActivityEvent happened = (await api.Get<IEngineStore>().ReadAsync(view => view.ListEvents(resource, 1))).ShouldHaveSingleItem();
            string action = call == "customServices" ? "updateCustomServices" : call;
            happened.Action.ShouldBe($"Microsoft.MachineLearningServices/workspaces/computes/{action}/action");
            (happened.Outcome, happened.Cause, happened.Actor.Name).ShouldBe(("Succeeded", "User", "ann@contoso.com"));
            happened.Detail.ShouldBe($"Changed: {JsonNode.Parse(shown)!.AsObject().Single().Key}.");
            happened.RequestId.ShouldNotBeEmpty();
        }

        (await api.PostAsync("desk", "enableSso", """{"enableSSO":false}""")).Status.ShouldBe(200);
        (await api.Get<IEngineStore>().ReadAsync(view => view.ListEvents(resource, 1)))[0].Detail.ShouldBe("Nothing changed.");
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_setting_call_while_it_is_created_is_a_conflict_that_names_the_state(string call, string body, string shown)
    {
        shown.ShouldNotBeEmpty();
        await using ApiUnderTest api = await StartAsync();
        Gate gate = Gate.At(api.Host, "StartMachineAsync");
        Answer put = await api.PutAsync(Compute("desk"), InstanceBody());
        await gate.Reached;
        Answer answer = await api.PostAsync("desk", call, body);
        (answer.Status, answer.Code).ShouldBe((409, "ComputeOperationConflict"));
        answer.Message.ShouldContain("Creating");
        gate.Open();
        await api.EndAsync(put);
        await api.EndAsync(await api.SendAsync("POST", Compute("desk") + "/stop"));
        (await api.PostAsync("desk", call, body)).Status.ShouldBe(200, "every setting can be changed in Stopped");
    }

    [Theory]
    [InlineData("updateIdleShutdownSetting", """{"idleTimeBeforeShutdown":"PT14M"}""", "InvalidIdleTime", "idleTimeBeforeShutdown")]
    [InlineData("updateIdleShutdownSetting", """{"idleTimeBeforeShutdown":30}""", "InvalidRequestBody", "idleTimeBeforeShutdown")]
    [InlineData("updateIdleShutdownSetting", """{"idleTime":"PT30M"}""", "InvalidRequestBody", "idleTimeBeforeShutdown")]
    [InlineData("updateIdleShutdownSetting", "[]", "InvalidRequestContent", "body")]
    [InlineData("updateIdleShutdownSetting", null, "InvalidRequestContent", "body")]
    [InlineData("updateSchedules", """{"schedules":{"computeStartStop":[]}}""", "InvalidRequestBody", "computeStartStop")]
    [InlineData("updateSchedules", "{}", "InvalidRequestBody", "computeStartStop")]
    [InlineData("updateSchedules", """{"computeStartStop":[null]}""", "InvalidRequestBody", "computeStartStop[0]")]
    [InlineData("updateSchedules", """{"computeStartStop":{}}""", "InvalidRequestBody", "computeStartStop")]
    [InlineData("updateSchedules", """{"computeStartStop":[{"action":"jump","triggerType":"Cron","cron":{"expression":"0 8 * * *"}}]}""", "InvalidSchedule", "computeStartStop[0].action")]
    [InlineData("updateSchedules", """{"computeStartStop":[{},{},{},{},{}]}""", "TooManySchedules", "computeStartStop")]
    [InlineData("customServices", """{"customServices":[]}""", "InvalidRequestContent", "body")]
    [InlineData("customServices", "[null]", "InvalidRequestBody", "[0]")]
    [InlineData("customServices", """[{"name":"s","image":{"reference":"r"},"endpoints":[{"target":80,"published":8787}]}]""", "InvalidCustomService", "[0].endpoints[0].target")]
    [InlineData("customServices", """[{"name":"s","image":{"reference":"r"},"endpoints":[]}]""", "InvalidCustomService", "[0].endpoints")]
    [InlineData("updateDataMounts", """[{"mountName":"a","sourceType":"Elsewhere","source":"x"}]""", "InvalidDataMount", "[0].sourceType")]
    [InlineData("updateDataMounts", """[{"mountName":"a/b","sourceType":"URI","source":"x"}]""", "InvalidDataMount", "[0].mountName")]
    [InlineData("updateDataMounts", """[{"mountName":"a","sourceType":"URI"}]""", "InvalidDataMount", "[0].source")]
    [InlineData("updateDataMounts", """[{"mountName":"a","sourceType":"URI","source":"x","mountPath":"/data/../etc"}]""", "InvalidDataMount", "[0].mountPath")]
    [InlineData("updateDataMounts", "{}", "InvalidRequestContent", "body")]
    [InlineData("enableSso", "{}", "InvalidRequestBody", "enableSSO")]
    [InlineData("enableSso", """{"enableSSO":"true"}""", "InvalidRequestBody", "enableSSO")]
    [InlineData("enableSso", """{"enableSSO":null}""", "InvalidRequestBody", "enableSSO")]
    [InlineData("updateSshKey", "{}", "InvalidSshSettings", "adminPublicKey")]
    [InlineData("updateSshKey", """{"adminPublicKey":"ssh-ed25519 AAAA.."}""", "InvalidSshSettings", "adminPublicKey")]
    [InlineData("updateSshKey", """{"adminPublicKey":["ssh-ed25519 AAAA"]}""", "InvalidRequestBody", "adminPublicKey")]
    public async Task A_bad_body_is_a_coded_400_with_its_target_and_applies_nothing(string call, string? body, string code, string target)
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk");
        string before = (await api.GetAsync(Compute("desk"))).Text;
        Answer answer = await api.SendAsync("POST", $"{Compute("desk")}/{call}", body);
        (answer.Status, answer.Code, answer.Target).ShouldBe((400, code, target), answer.Text);
        (await api.GetAsync(Compute("desk"))).Text.ShouldBe(before);
    }

    [Fact]
    public async Task Whatever_JSON_a_setting_call_is_sent_it_is_200_or_a_coded_refusal_and_the_instance_can_still_be_read()
    {
        string[] values =
        [
            "null", "0", "-1", "1e999", "true", "[]", "{}", "[null]", "\"\"", "\"\\u0000\"", "\"😀\"", "\"\\ud800\"", "99999999999999999999", "\"../..\"", "[[[[]]]]", "{\"\":{}}", "[{}]",
            $"\"{new string('x', 5000)}\"",
        ];
        string[] calls = [.. Changes.Select(row => row.Data.Item1), "updateSshKey", "resize", "listNodes", "listKeys", "getAllowedVmSizesForResize"];
        string[] bodies =
        [
            "{0}", "{\"idleTimeBeforeShutdown\":{0},\"computeStartStop\":{0},\"enableSSO\":{0},\"adminPublicKey\":{0},\"name\":{0}}",
            "{\"computeStartStop\":[{\"id\":{0},\"action\":\"Stop\",\"triggerType\":\"Recurrence\",\"recurrence\":{\"frequency\":{0},\"interval\":{0},\"schedule\":{0}}}]}",
            "[{\"name\":{0},\"image\":{0},\"endpoints\":{0},\"mountName\":{0},\"source\":{0},\"sourceType\":\"URI\",\"mountPath\":{0},\"mountAction\":{0}}]",
        ];
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk");
        foreach (string body in bodies.SelectMany(body => values.Select(value => body.Replace("{0}", value))))
        {
            foreach (string path in calls.Select(call => $"{Compute("desk")}/{call}").Append(Lab + "/checkComputeNameAvailability"))
            {
                Answer answer = await api.SendAsync("POST", path, body);
                answer.Status.ShouldBeOneOf(200, 400, 409);
                if (answer.Status != 200)
                    answer.Message.ShouldNotBeNullOrEmpty($"{path} {body}");
            }
        }

        (await api.GetAsync(Compute("desk"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("PT1H", "PT60M")]
    [InlineData("PT15M30S", "PT16M")]
    [InlineData("P3D", "PT4320M")]
    [InlineData("PT120M", "PT120M")]
    public async Task An_idle_time_is_answered_in_whole_minutes_and_switched_off_by_nothing(string sent, string shown)
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk");
        foreach (string off in new[] { "{}", """{"idleTimeBeforeShutdown":null}""", """{"idleTimeBeforeShutdown":""}""" })
        {
            (await api.PostAsync("desk", "updateIdleShutdownSetting", $$"""{"idleTimeBeforeShutdown":"{{sent}}"}""")).Status.ShouldBe(200);
            Inner((await api.GetAsync(Compute("desk"))).Body)["idleTimeBeforeShutdown"]!.GetValue<string>().ShouldBe(shown);
            (await api.PostAsync("desk", "updateIdleShutdownSetting", off)).Status.ShouldBe(200);
            Inner((await api.GetAsync(Compute("desk"))).Body)["idleTimeBeforeShutdown"].ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("updateIdleShutdownSetting", "{}")]
    [InlineData("updateSchedules", "{}")]
    [InlineData("customServices", "[]")]
    [InlineData("updateDataMounts", "[]")]
    [InlineData("enableSso", "{}")]
    [InlineData("updateSshKey", "{}")]
    [InlineData("resize", "{}")]
    [InlineData("getAllowedVmSizesForResize", null)]
    [InlineData("listKeys", null)]
    [InlineData("listNodes", null)]
    [InlineData("reimage", null)]
    public async Task A_call_on_something_absent_is_404(string call, string? body)
    {
        await using ApiUnderTest api = await StartAsync();
        (await api.SendAsync("POST", $"{Compute("none")}/{call}", body)).Code.ShouldBe("ResourceNotFound");
        (await api.SendAsync("POST", $"{ApiUnderTest.Workspaces}/nowhere/computes/none/{call}", body)).Code.ShouldBe("ParentResourceNotFound");
    }

    [Fact]
    public async Task An_instance_keeps_its_size_and_has_no_keys()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk");
        Answer resize = await api.PostAsync("desk", "resize", """{"targetVMSize":"STANDARD_DS3_V2"}""");
        (resize.Status, resize.Code, resize.Target).ShouldBe((400, "ComputeInstanceVmSizeImmutable", "targetVMSize"));
        Answer sizes = await api.PostAsync("desk", "getAllowedVmSizesForResize", null);
        (sizes.Status, sizes.Text).ShouldBe((200, """{"value":[]}"""));
        Answer keys = await api.PostAsync("desk", "listKeys", null);
        (keys.Status, keys.Code).ShouldBe((400, "ListKeysNotSupported"));
    }

    [Fact]
    public async Task Nodes_are_listed_as_nodes_and_a_stopped_instance_has_none()
    {
        await using ApiUnderTest api = await StartAsync();
        JsonNode running = await api.RunningAsync("desk");
        Answer answer = await api.PostAsync("desk", "listNodes", null);
        answer.Status.ShouldBe(200);
        JsonNode node = answer.Body["nodes"]!.AsArray().ShouldHaveSingleItem()!;
        Guid.TryParse(node["nodeId"]!.GetValue<string>(), out _).ShouldBeTrue();
        node["nodeState"]!.GetValue<string>().ShouldBe("idle");
        node["privateIpAddress"]!.GetValue<string>().ShouldBe(Inner(running)["connectivityEndpoints"]!["privateIpAddress"]!.GetValue<string>());
        answer.Body["value"].ShouldBeNull();
        await api.EndAsync(await api.SendAsync("POST", Compute("desk") + "/stop"));
        (await api.PostAsync("desk", "listNodes", null)).Text.ShouldBe("""{"nodes":[]}""");
    }

    [Theory]
    [InlineData("""{"name":"free-name","type":"ComputeInstance"}""", true, null)]
    [InlineData("""{"name":"DESK","type":"ComputeInstance"}""", false, "AlreadyExists")]
    [InlineData("""{"Name":"cpu-cluster-1"}""", false, "Invalid")]
    [InlineData("""{"name":""}""", false, "Invalid")]
    public async Task A_name_is_checked_as_a_creation_would(string body, bool available, string? reason)
    {
        await using ApiUnderTest api = await StartAsync();
        await api.PutAsync(Compute("desk"), InstanceBody());
        (await api.PutAsync(ApiUnderTest.Workspaces + "/study", """{"location":"local"}""")).Status.ShouldBe(201);
        foreach (string workspace in new[] { Lab, ApiUnderTest.Workspaces + "/study" })
        {
            Answer answer = await api.SendAsync("POST", workspace + "/checkComputeNameAvailability", body);
            answer.Status.ShouldBe(200, answer.Text);
            answer.Body["nameAvailable"]!.GetValue<bool>().ShouldBe(available);
            answer.Body["reason"]?.GetValue<string>().ShouldBe(reason);
            (answer.Body["message"] is null).ShouldBe(available);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"name":7}""")]
    public async Task A_name_check_without_a_name_is_400(string body)
    {
        await using ApiUnderTest api = await StartAsync();
        Answer answer = await api.SendAsync("POST", Lab + "/checkComputeNameAvailability", body);
        (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidRequestBody", "name"));
        (await api.SendAsync("POST", ApiUnderTest.Workspaces + "/nowhere/checkComputeNameAvailability", body)).Code.ShouldBe("ParentResourceNotFound");
    }

    private static JsonNode Inner(JsonNode body) => body["properties"]!["properties"]!;

    private static string WithoutIds(JsonNode value)
    {
        JsonNode copy = value.DeepClone();
        foreach (JsonNode? row in copy is JsonObject schedules && schedules["computeStartStop"] is JsonArray rows ? rows : [])
            row!.AsObject().Remove("id").ShouldBeTrue();
        return copy.ToJsonString();
    }
}
