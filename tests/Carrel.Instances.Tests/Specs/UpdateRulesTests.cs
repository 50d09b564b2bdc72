using System.Text.Json.Nodes;
using Carrel.Instances.Specs;
using Carrel.Instances.Tests.Examples;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

public sealed class UpdateRulesTests
{
    private const string Full = """
        {"vmSize":"STANDARD_DS3_v2","idleTimeBeforeShutdown":"PT1H","releaseQuotaOnStop":true,
         "setupScripts":{"scripts":{"creationScript":{"scriptSource":"inline","scriptData":"bHM=","timeout":"90s"}}},
         "schedules":{"computeStartStop":[
           {"action":"Stop","triggerType":"Recurrence","recurrence":{"frequency":"Month","interval":1,"startTime":"2026-11-20T06:00:00","endTime":"2027-11-20T06:00:00",
            "timeZone":"UTC","schedule":{"hours":[18],"minutes":[0],"monthDays":[1,15]}}},
           {"status":"Disabled","action":"Start","triggerType":"Cron","cron":{"timeZone":"UTC","expression":"0 8 * * *"}}]},
         "customServices":[{"name":"rstudio","extra":1,"image":{"reference":"r:1"},"docker":{"privileged":true},"environmentVariables":{"A":{"type":"local","value":"1"},"B":{"type":"local","value":"2"}},
           "endpoints":[{"name":"connect","protocol":"http","target":8787,"published":8787,"hostIp":"127.0.0.1"}]}]}
        """;

    private static ComputeInstanceModel Stored() => Samples.Model(Full, """{"tags":{"a":"b"},"identity":{"type":"SystemAssigned"}}""", """{"description":"d"}""");

    private static JsonObject Answer(ComputeInstanceModel model) => Samples.Answer(model);

    private static UpdateDecision Inner(string inner) => Samples.Update(Stored(), Samples.Body(inner, """{"tags":{"a":"b"}}""", """{"description":"d"}"""));

    private static void ShouldChangeOnlyTags(UpdateDecision decision, ComputeInstanceModel stored)
    {
        decision.Findings.ShouldBeEmpty();
        decision.Conflicts.ShouldBeEmpty();
        decision.Changed.ShouldBeTrue();
        decision.Model!.Tags["k"].ShouldBe("v");
        ModelJson.Serialize(decision.Model with { Tags = stored.Tags }).ShouldBe(ModelJson.Serialize(stored));
    }

    [Fact]
    public void An_equal_body_changes_nothing_and_warns_of_nothing()
    {
        var stored = Stored();
        var decision = Samples.Update(stored, Answer(stored));
        decision.Changed.ShouldBeFalse();
        decision.NotApplied.ShouldBeEmpty();
        decision.Model.ShouldBeSameAs(stored);
    }

    [Fact(DisplayName = "1.T10 Another size is a conflict and another case is not")]
    public void Statement_1_T10_another_size_is_a_conflict_and_another_case_is_not()
    {
        var conflict = Inner("""{"vmSize":"STANDARD_D3_V2"}""").Conflicts.ShouldHaveSingleItem();
        (conflict.Code, conflict.Target).ShouldBe((FindingCodes.ImmutableProperty, "properties.properties.vmSize"));
        Inner("""{"vmSize":"standard_ds3_V2"}""").ShouldSatisfyAllConditions(d => d.Conflicts.ShouldBeEmpty(), d => d.Changed.ShouldBeFalse());
    }

    [Theory]
    [InlineData("""{"subnet":{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/d"}}""", "subnet.id")]
    [InlineData("""{"sshSettings":{"sshPublicAccess":"Enabled"}}""", "sshSettings.sshPublicAccess")]
    [InlineData("""{"computeInstanceAuthorizationType":"group"}""", "computeInstanceAuthorizationType")]
    [InlineData("""{"personalComputeInstanceSettings":{"assignedUser":{"objectId":"55555555-5555-5555-5555-555555555555","tenantId":"11111111-1111-1111-1111-111111111111"}}}""", "personalComputeInstanceSettings")]
    [InlineData("""{"enableNodePublicIp":false}""", "enableNodePublicIp")]
    [InlineData("""{"enableRootAccess":false}""", "enableRootAccess")]
    [InlineData("""{"enableOSPatching":true}""", "enableOSPatching")]
    [InlineData("""{"releaseQuotaOnStop":false}""", "releaseQuotaOnStop")]
    public void A_fixed_property_with_another_value_is_a_conflict_and_nothing_is_applied(string inner, string target)
    {
        var decision = Inner(inner);
        decision.Conflicts.ShouldHaveSingleItem().Target.ShouldBe("properties.properties." + target);
        decision.Model.ShouldBeNull();
    }

    [Fact(DisplayName = "1.T21 The body of a get with a tag added changes only tags")]
    public void Statement_1_T21_the_body_of_a_get_with_a_tag_added_changes_only_tags()
    {
        var stored = Stored();
        var body = Answer(stored);
        body["tags"]!["k"] = "v";
        ShouldChangeOnlyTags(Samples.Update(stored, body), stored);
    }

    [Fact(DisplayName = "1.T22 What the python reader keeps with a tag added changes only tags")]
    public void Statement_1_T22_what_the_python_reader_keeps_with_a_tag_added_changes_only_tags()
    {
        var stored = Stored();
        var body = Answer(stored);
        body["tags"]!["k"] = "v";
        body["properties"]!["disableLocalAuth"] = true;
        var inner = Samples.Inner(body);
        inner["applicationSharingPolicy"] = "Shared";
        inner["setupScripts"]!["scripts"]!["creationScript"] = JsonNode.Parse("""{"scriptSource":"workspaceStorage","scriptData":"bHM=","timeout":"Nonem"}""");
        foreach (var row in inner["schedules"]!["computeStartStop"]!.AsArray())
        {
            row!.AsObject().Remove("id");
            row["action"] = ((string)row["action"]!).ToLowerInvariant();
            if (row["recurrence"] is JsonObject recurrence)
            {
                recurrence.Remove("endTime");
                recurrence["frequency"] = "month";
                recurrence["schedule"]!.AsObject().Remove("monthDays");
            }
        }

        var service = inner["customServices"]![0]!.AsObject();
        service.Remove("extra");
        service["endpoints"]![0]!.AsObject().Remove("hostIp");

        var decision = Samples.Update(stored, body);
        ShouldChangeOnlyTags(decision, stored);
        decision.NotApplied.ShouldBeEmpty();
    }

    [Fact(DisplayName = "1.T23 An idle time is applied with the tags sent with it")]
    public void Statement_1_T23_an_idle_time_is_applied_with_the_tags_sent_with_it()
    {
        var stored = Samples.Model();
        var decision = Samples.Update(stored, Samples.Body("""{"idleTimeBeforeShutdown":"PT60M"}""", """{"tags":{"k":"v"}}"""));
        decision.Model.ShouldBe(stored with { IdleMinutes = 60, Tags = decision.Model!.Tags });
        decision.Model!.Tags["k"].ShouldBe("v");
        decision.NotApplied.ShouldBeEmpty();
    }

    [Fact(DisplayName = "1.T23 A bad idle time applies nothing")]
    public void Statement_1_T23_a_bad_idle_time_applies_nothing()
    {
        var decision = Samples.Update(Samples.Model(), Samples.Body("""{"idleTimeBeforeShutdown":"PT14M"}""", """{"tags":{"k":"v"}}"""));
        decision.Findings.ShouldHaveSingleItem().Code.ShouldBe(FindingCodes.InvalidIdleTime);
        decision.Model.ShouldBeNull();
    }

    [Fact(DisplayName = "1.T23 Single sign on is left alone and named")]
    public void Statement_1_T23_single_sign_on_is_left_alone_and_named()
    {
        var decision = Inner("""{"enableSSO":false}""");
        decision.Model!.EnableSso.ShouldBeTrue();
        decision.NotApplied.ShouldBe(["properties.properties.enableSSO"]);
    }

    [Theory]
    [InlineData("PT60M")]
    [InlineData("PT1H")]
    [InlineData("PT3600S")]
    public void Statement_4_T15_the_same_idle_time_in_another_spelling_is_no_change(string text)
    {
        var decision = Samples.Update(Samples.Model("""{"idleTimeBeforeShutdown":"PT1H"}"""), Samples.Body("{\"idleTimeBeforeShutdown\":\"" + text + "\"}"));
        decision.Changed.ShouldBeFalse();
        decision.NotApplied.ShouldBeEmpty();
    }

    [Fact(DisplayName = "1.T29 An absent identity is kept and None removes it")]
    public void Statement_1_T29_an_absent_identity_is_kept_and_None_removes_it()
    {
        var stored = Stored();
        stored.Identity.ShouldNotBeNull();
        Samples.Update(stored, Samples.Body()).Model!.Identity.ShouldBeSameAs(stored.Identity);
        Samples.Update(stored, Samples.Body("{}", """{"identity":{"type":"None"}}""")).Model!.Identity.ShouldBeNull();
    }

    [Fact(DisplayName = "1.T30 An identity in another spelling is no change")]
    public void Statement_1_T30_an_identity_in_another_spelling_is_no_change() =>
        Samples.Update(Stored(), Samples.Body("{}", """{"tags":{"a":"b"},"identity":{"type":"Systemassigned"}}""", """{"description":"d"}""")).Changed.ShouldBeFalse();

    [Fact]
    public void An_empty_list_empties_and_an_absent_one_keeps()
    {
        Inner("{}").Changed.ShouldBeFalse();
        var emptied = Inner("""{"schedules":{"computeStartStop":[]},"customServices":[]}""").Model!;
        emptied.Schedules.ShouldBeEmpty();
        emptied.CustomServices.ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_status_keeps_id_trigger_and_anchor_and_a_changed_trigger_is_saved_anew()
    {
        var stored = Stored();
        var later = Samples.Context() with { Now = Samples.Now.Plus(NodaTime.Duration.FromHours(1)) };
        var body = Answer(stored);
        var rows = Samples.Inner(body)["schedules"]!["computeStartStop"]!;
        rows[0]!.AsObject().Remove("id");
        rows[0]!["status"] = "Disabled";
        rows[1]!["cron"]!["expression"] = "0 9 * * *";
        var schedules = UpdateRules.Decide(stored, Samples.Spec(body), later).Model!.Schedules;
        schedules[0].ShouldBe(stored.Schedules[0] with { Status = ScheduleStatus.Disabled });
        schedules[1].ShouldSatisfyAllConditions(
            s => s.Id.ShouldBe(stored.Schedules[1].Id),
            s => s.Cron!.Expression.ShouldBe("0 9 * * *"),
            s => s.TriggerSavedOn.ShouldBe(later.Now));
    }

    [Fact]
    public void A_service_with_a_variable_taken_away_is_replaced()
    {
        var body = Answer(Stored());
        Samples.Inner(body)["customServices"]![0]!["environmentVariables"]!.AsObject().Remove("B");
        var service = Samples.Update(Stored(), body).Model!.CustomServices.ShouldHaveSingleItem();
        service.Document.ShouldNotContain("\"B\"");
        service.Document.ShouldContain("\"A\"");
    }

    [Theory]
    [InlineData("22222222-2222-2222-2222-222222222222", true)]
    [InlineData("55555555-5555-5555-5555-555555555555", false)]
    public void A_service_brought_by_another_than_the_owner_switches_single_sign_on_off(string owner, bool expected)
    {
        var body = Samples.Body("""{"customServices":[{"name":"a","image":{"reference":"i"},"endpoints":[{"target":8787,"published":8787}]}]}""");
        var context = Samples.Context() with { Owner = Guid.Parse(owner) };
        var first = UpdateRules.Decide(Samples.Model(), Samples.Spec(body), context).Model!;
        first.EnableSso.ShouldBe(expected);
        UpdateRules.Decide(first with { EnableSso = true }, Samples.Spec(body), context).Changed.ShouldBeFalse();
    }

    [Fact]
    public void Services_that_do_not_change_are_not_validated_again()
    {
        var body = Samples.Body("""{"customServices":[{"name":"a","image":{"reference":"i"},"endpoints":[{"target":8787,"published":9000}]}]}""");
        UpdateRules.Decide(Samples.Model(body), Samples.Spec(body), Samples.Context(privateLink: true)).Changed.ShouldBeFalse();
    }

    [Fact]
    public void A_bad_service_or_schedule_in_an_update_is_refused()
    {
        Inner("""{"customServices":[{"name":"x"}]}""").Findings.ShouldNotBeEmpty();
        Inner("""{"schedules":{"computeStartStop":[{"action":"Stop"}]}}""").Findings.ShouldHaveSingleItem().Code.ShouldBe(FindingCodes.InvalidSchedule);
    }

    [Fact]
    public void Absent_tags_description_and_autologger_fall_back_to_their_defaults()
    {
        var stored = Samples.Model("""{"autologgerSettings":{"mlflowAutologger":"enabled"}}""", """{"tags":{"a":"b"}}""", """{"description":"d"}""");
        stored.MlflowAutologger.ShouldBe(true);
        var model = Samples.Update(stored, Samples.Body()).Model!;
        model.Tags.ShouldBeEmpty();
        model.Description.ShouldBeNull();
        model.MlflowAutologger.ShouldBeNull();
    }

    [Fact]
    public void Script_key_and_location_are_not_applied_but_named()
    {
        var body = Samples.Body(
            """{"sshSettings":{"adminPublicKey":"no key at all"},"setupScripts":{"scripts":{"startupScript":{"scriptSource":"git","scriptData":"../x"}}},"provisionStopped":true}""",
            """{"location":"westus"}""");
        var decision = Samples.Update(Samples.Model(), body);
        decision.Findings.ShouldBeEmpty();
        decision.Changed.ShouldBeFalse();
        decision.NotApplied.ShouldBe(
        [
            "location", "properties.properties.setupScripts", "properties.properties.sshSettings.adminPublicKey", "properties.properties.provisionStopped",
        ]);
    }

    [Fact]
    public void The_same_key_is_no_difference()
    {
        var key = Example.Key("ed25519");
        var body = Samples.Body("{\"sshSettings\":{\"sshPublicAccess\":\"Enabled\",\"adminPublicKey\":\"" + key + "\\n\"}}");
        Samples.Update(Samples.Model(body), body).NotApplied.ShouldBeEmpty();
    }
}
