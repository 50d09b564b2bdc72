using System.Text.Json.Nodes;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using Carrel.Instances.Tests.Examples;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Resources;

public sealed class ComputeInstanceBodyTests
{
    [Fact]
    public void A_plain_instance_is_answered_exactly_like_this() =>
        ShouldBeJson(
            Samples.Answer(Samples.Model(), new ComputeInstanceState(InstanceState.Creating, ProvisioningState.Creating)),
            """
            {"id":"/subscriptions/sub/resourceGroups/group/providers/Microsoft.MachineLearningServices/workspaces/ws/computes/ci-one",
             "name":"ci-one","type":"Microsoft.MachineLearningServices/workspaces/computes","location":"local","tags":{},
             "systemData":{"createdBy":"admin","createdByType":"User","createdAt":"2026-11-20T08:30:15.0000000Z",
               "lastModifiedBy":"admin","lastModifiedByType":"User","lastModifiedAt":"2026-11-20T08:30:15.0000000Z"},
             "properties":{"computeType":"ComputeInstance","computeLocation":"local","provisioningState":"Creating","description":null,
               "createdOn":"2026-11-20T08:30:15.0000000Z","modifiedOn":"2026-11-20T08:30:15.0000000Z","resourceId":null,"provisioningErrors":null,
               "isAttachedCompute":false,"disableLocalAuth":true,
               "properties":{"vmSize":"STANDARD_DS3_v2","applicationSharingPolicy":"Personal",
                 "sshSettings":{"sshPublicAccess":"Disabled","adminUserName":"azureuser","sshPort":null},
                 "computeInstanceAuthorizationType":"personal","enableNodePublicIp":true,"enableSSO":true,"enableRootAccess":true,
                 "enableOSPatching":false,"releaseQuotaOnStop":false,
                 "connectivityEndpoints":{"publicIpAddress":null,"privateIpAddress":null},"applications":[],
                 "createdBy":{"userName":"admin","userOrgId":"11111111-1111-1111-1111-111111111111","userId":"22222222-2222-2222-2222-222222222222"},
                 "errors":null,"state":"Creating"}}}
            """);

    [Theory]
    [InlineData(InstanceState.Running, 1)]
    [InlineData(InstanceState.JobRunning, 1)]
    [InlineData(InstanceState.UserSetupFailed, 1)]
    [InlineData(InstanceState.Stopped, 0)]
    [InlineData(InstanceState.Starting, 0)]
    [InlineData(InstanceState.Unknown, 0)]
    public void Applications_are_shown_only_while_they_can_be_opened(InstanceState state, int count) =>
        Samples.Inner(Samples.Answer(Samples.Model(), new ComputeInstanceState(state, ProvisioningState.Succeeded)))["applications"]!.AsArray().Count
            .ShouldBe(count);

    [Fact]
    public void What_is_observed_is_shown()
    {
        var state = new ComputeInstanceState(
            InstanceState.Stopped,
            ProvisioningState.Succeeded,
            new LastOperation(OperationName.Start, LastOperationOutcome.Failed, OperationTrigger.Schedule, Samples.Now.PlusTicks(1234567)),
            [new InstanceError("NoCapacity", "Full.")],
            [new InstanceError("Other", "Bad.")],
            "172.20.0.2",
            "26.11.01",
            Guid.Parse("77777777-7777-7777-7777-777777777777"));
        var answer = Samples.Answer(Samples.Model(top: """{"identity":{"type":"Systemassigned"}}"""), state);
        ShouldBeJson(answer["identity"], """{"type":"SystemAssigned","principalId":"77777777-7777-7777-7777-777777777777","tenantId":"11111111-1111-1111-1111-111111111111"}""");
        ShouldBeJson(answer["properties"]!["provisioningErrors"], """[{"error":{"code":"Other","message":"Bad."}}]""");
        var inner = Samples.Inner(answer);
        ShouldBeJson(inner["errors"], """[{"error":{"code":"NoCapacity","message":"Full."}}]""");
        ShouldBeJson(inner["lastOperation"], """{"operationName":"Start","operationTime":"2026-11-20T08:30:15.1234567Z","operationStatus":"StartFailed","operationTrigger":"Schedule"}""");
        ShouldBeJson(inner["osImageMetadata"], """{"currentImageVersion":"26.11.01","latestImageVersion":"26.12.01","isLatestOsImageVersion":false,"osPatchingStatus":null}""");
        ((string)inner["connectivityEndpoints"]!["privateIpAddress"]!).ShouldBe("172.20.0.2");
    }

    [Fact]
    public void Statement_3_T14_and_3_T21_schedules_carry_id_status_and_schedule()
    {
        var model = Samples.Model("""
            {"schedules":{"computeStartStop":[{"action":"stop","triggerType":"recurrence","recurrence":{"frequency":"day"}},
             {"action":"start","triggerType":"cron","cron":{"expression":"0 8 * * *","startTime":"2026-11-20T06:00:00"}}]}}
            """);
        var rows = Samples.Inner(Samples.Answer(model))["schedules"]!["computeStartStop"]!.AsArray();
        rows.Select(row => (string)row!["id"]!).ShouldBe(model.Schedules.Select(s => s.Id.ToString()));
        rows.ToList().ForEach(row => row!.AsObject().Remove("id"));
        ShouldBeJson(rows, """
            [{"provisioningStatus":"Completed","status":"Enabled","action":"Stop","triggerType":"Recurrence",
              "recurrence":{"timeZone":"UTC","frequency":"Day","interval":1,"schedule":{"hours":[],"minutes":[],"weekDays":[],"monthDays":[]}}},
             {"provisioningStatus":"Completed","status":"Enabled","action":"Start","triggerType":"Cron",
              "cron":{"startTime":"2026-11-20T06:00:00","timeZone":"UTC","expression":"0 8 * * *"}}]
            """);
    }

    [Fact(DisplayName = "1.T11 Ssh settings show the public key and the fixed user")]
    public void Statement_1_T11_ssh_settings_show_the_public_key_and_the_fixed_user()
    {
        var key = Example.Key("ed25519");
        var model = Samples.Model("{\"sshSettings\":{\"sshPublicAccess\":\"enabled\",\"adminPublicKey\":\"" + key + "\"}}", outer: """{"disableLocalAuth":false}""");
        var body = ComputeInstanceBody.Write(Samples.Instance(model) with { SshPort = 50000 }, new BodyContext([], PublicAddress: "192.0.2.1"));
        ShouldBeJson(
            Samples.Inner(body)["sshSettings"],
            "{\"sshPublicAccess\":\"Enabled\",\"adminUserName\":\"azureuser\",\"adminPublicKey\":\"" + key + "\",\"sshPort\":50000}");
        ((bool)body["properties"]!["disableLocalAuth"]!).ShouldBeFalse();
        ((string)Samples.Inner(body)["connectivityEndpoints"]!["publicIpAddress"]!).ShouldBe("192.0.2.1");
    }

    [Fact]
    public void Idle_time_scripts_autologger_sku_and_patching_are_answered_in_their_canonical_form()
    {
        var model = Samples.Model(
            """
            {"idleTimeBeforeShutdown":"PT1H","autologgerSettings":{"mlflowAutologger":"disabled"},"enableOSPatching":true,
             "setupScripts":{"scripts":{"startupScript":{"scriptSource":"INLINE","scriptData":"bHM=","timeout":"Nonem"}}}}
            """,
            """{"sku":{"name":"Basic"}}""");
        var answer = Samples.Answer(model, new ComputeInstanceState(InstanceState.Running, ProvisioningState.Succeeded, ImageVersion: "26.12.01"));
        var inner = Samples.Inner(answer);
        ((string)inner["idleTimeBeforeShutdown"]!).ShouldBe("PT60M");
        ShouldBeJson(inner["setupScripts"], """{"scripts":{"startupScript":{"scriptSource":"inline","scriptData":"bHM="}}}""");
        ShouldBeJson(inner["autologgerSettings"], """{"mlflowAutologger":"Disabled"}""");
        ShouldBeJson(answer["sku"], """{"name":"Basic","tier":null}""");
        ((bool)inner["osImageMetadata"]!["isLatestOsImageVersion"]!).ShouldBeTrue();
        inner["osImageMetadata"]!["osPatchingStatus"].ShouldNotBeNull();
    }

    [Theory(DisplayName = "14.T10 enableOSPatching exposes osPatchingStatus and its absence leaves it null")]
    [InlineData(true)]
    [InlineData(false)]
    public void Patching_that_was_asked_for_shows_its_status(bool asked)
    {
        var metadata = Samples.Inner(Samples.Answer(
            Samples.Model(asked ? """{"enableOSPatching":true}""" : "{}"),
            new ComputeInstanceState(InstanceState.Stopped, ProvisioningState.Succeeded, ImageVersion: "26.11.01")))["osImageMetadata"]!.AsObject();
        metadata.ContainsKey("osPatchingStatus").ShouldBeTrue();
        (metadata["osPatchingStatus"] is null).ShouldBe(!asked);
        if (asked)
        {
            ((string)metadata["osPatchingStatus"]!["patchStatus"]!).ShouldBe("Unknown", "nobody patches inside machines yet");
        }
    }

    [Theory(DisplayName = "14.T5 isLatestOsImageVersion is computed at read")]
    [InlineData("26.11.01", false)]
    [InlineData("26.12.01", true)]
    public void Whether_the_image_is_the_latest_is_computed_at_read(string current, bool isLatest)
    {
        // Samples.Answer publishes 26.12.01.
        var metadata = Samples.Inner(Samples.Answer(
            Samples.Model(), new ComputeInstanceState(InstanceState.Running, ProvisioningState.Succeeded, ImageVersion: current)))["osImageMetadata"]!;
        ((string)metadata["currentImageVersion"]!, (string)metadata["latestImageVersion"]!, (bool)metadata["isLatestOsImageVersion"]!).ShouldBe((current, "26.12.01", isLatest));
    }

    [Fact]
    public void User_assigned_identities_show_their_ids_where_they_are_known()
    {
        var model = Samples.Model(top: """{"identity":{"type":"userassigned","userAssignedIdentities":{"one":{},"two":{}}}}""");
        var instance = Samples.Instance(model);
        var ids = new Dictionary<string, UserAssignedIdentityIds> { [model.Identity!.UserAssigned[0]] = new(Guid.Empty, Samples.Caller) };
        var map = ComputeInstanceBody.Write(instance with { State = instance.State with { UserIdentities = ids } }, new BodyContext([]))["identity"]!["userAssignedIdentities"]!.AsObject();
        ((string)map[model.Identity.UserAssigned[0]]!["clientId"]!).ShouldBe(Samples.Caller.ToString());
        map[model.Identity.UserAssigned[1]]!.AsObject().Count.ShouldBe(0);
    }

    [Fact]
    public void The_published_example_is_accepted_but_for_its_placeholders_and_answered_with_what_it_asked()
    {
        var body = Example.Load("ComputeInstance.json")["parameters"]!["parameters"]!.DeepClone().AsObject();
        var asked = Samples.Inner(body);
        asked["subnet"]!["id"] = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/test-subnet-resource-id";
        var context = Samples.Context() with { TenantId = Guid.Empty };

        var answered = Samples.Inner(Samples.Answer(Samples.Model(body, context)));

        asked["customServices"]![0]!["type"] = "docker";
        asked["sshSettings"] = JsonNode.Parse("""{"sshPublicAccess":"Disabled","adminUserName":"azureuser","sshPort":null}""");
        foreach (var (name, value) in asked)
        {
            JsonNode.DeepEquals(answered[name], value).ShouldBeTrue($"{name}: {answered[name]?.ToJsonString()}");
        }
    }

    [Fact]
    public void An_answer_read_as_a_spec_gives_the_same_model()
    {
        var model = Samples.Model("""{"idleTimeBeforeShutdown":"PT20M","customServices":[{"name":"a","image":{"reference":"i"},"endpoints":[{"target":8787,"published":8787}]}]}""");
        ModelJson.Serialize(Samples.Model(Samples.Answer(model))).ShouldBe(ModelJson.Serialize(model));
    }

    private static void ShouldBeJson(JsonNode? actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue(actual?.ToJsonString());
}
