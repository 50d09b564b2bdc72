using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Instances.Specs;
using Carrel.Instances.Specs.Settings;
using NodaTime;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

/// <summary>The rules of the calls that change one setting.</summary>
public sealed class SettingTests
{
    private static readonly ComputeInstanceModel Stored = Samples.Model("""
        {"schedules":{"computeStartStop":[
          {"status":"Enabled","action":"Stop","triggerType":"Recurrence","recurrence":{"frequency":"Month","interval":1,"startTime":"2026-11-20T06:00","timeZone":"UTC","schedule":{"hours":[18],"minutes":[0],"monthDays":[1,15]}}},
          {"status":"Disabled","action":"Start","triggerType":"Cron","cron":{"timeZone":"UTC","expression":"0 8 * * *"}}]}}
        """);

    private static ValidationContext Later => Samples.Context() with { Now = Samples.Now + Duration.FromHours(1) };

    private static JsonObject Rows() => new()
    {
        ["computeStartStop"] = Samples.Inner(Samples.Answer(Stored))["schedules"]!["computeStartStop"]!.DeepClone(),
    };

    private static IReadOnlyList<ScheduleModel> Replaced(JsonNode body)
    {
        var decision = ScheduleSetting.Decide(Stored, JsonSerializer.SerializeToElement(body), Later);
        decision.Findings.ShouldBeEmpty();
        return decision.Model!.Schedules;
    }

    private static ComputeInstanceModel Updated(JsonNode body)
    {
        var decision = ScheduleSetting.DecideUpdate(Stored, JsonSerializer.SerializeToElement(body), Later);
        decision.Findings.ShouldBeEmpty();
        return decision.Model!;
    }

    [Fact]
    public void Schedules_that_were_read_and_are_sent_back_stay_as_they_are() =>
        ModelJson.Same(Stored with { Schedules = [.. Replaced(Rows())] }, Stored).ShouldBeTrue();

    [Fact]
    public void A_changed_status_or_action_keeps_id_and_anchor()
    {
        var body = Rows();
        body["computeStartStop"]![1]!["status"] = "enabled";
        body["computeStartStop"]![0]!["action"] = "start";
        body["computeStartStop"]![0]!["recurrence"]!["startTime"] = "2026-11-20T06:00:00";
        var schedules = Replaced(body);
        schedules.Select(s => (s.Id, s.TriggerSavedOn)).ShouldBe(Stored.Schedules.Select(s => (s.Id, s.TriggerSavedOn)));
        (schedules[0].Action, schedules[1].Status).ShouldBe((ScheduleAction.Start, ScheduleStatus.Enabled));
    }

    [Fact]
    public void A_changed_trigger_keeps_its_id_and_counts_as_saved_now()
    {
        var body = Rows();
        body["computeStartStop"]![1]!["cron"]!["expression"] = "0 9 * * *";
        body["computeStartStop"]![0]!["recurrence"]!["schedule"]!.AsObject().Remove("monthDays");
        var schedules = Replaced(body);
        schedules.Select(s => s.Id).ShouldBe(Stored.Schedules.Select(s => s.Id));
        schedules.ShouldAllBe(s => s.TriggerSavedOn == Later.Now);
        schedules[0].Recurrence!.MonthDays.ShouldBeEmpty("the list replaces the stored one: what is not sent is gone");
    }

    [Fact]
    public void Items_without_a_known_id_are_new_schedules_and_a_repeated_id_is_the_first_one_s()
    {
        var body = Rows();
        var first = body["computeStartStop"]![0]!;
        body["computeStartStop"]!.AsArray().Add(first.DeepClone());
        body["computeStartStop"]![1]!["id"] = Guid.NewGuid().ToString();
        var schedules = Replaced(body);
        schedules.Select(s => s.Id).ShouldBeUnique();
        schedules[0].Id.ShouldBe(Stored.Schedules[0].Id);
        schedules.Skip(1).ShouldAllBe(s => s.TriggerSavedOn == Later.Now && Stored.Schedules.All(known => known.Id != s.Id));
    }

    [Fact]
    public void An_update_that_is_asked_about_keeps_what_a_PUT_keeps()
    {
        // As a file says it: without ids, and without what it has no words for.
        var body = Rows();
        body["computeStartStop"]!.AsArray().ToList().ForEach(row => row!.AsObject().Remove("id"));
        body["computeStartStop"]![0]!["recurrence"]!["schedule"]!.AsObject().Remove("monthDays");
        ModelJson.Same(Updated(body), Stored).ShouldBeTrue();

        body["computeStartStop"]![1]!["cron"]!["expression"] = "0 9 * * *";
        var schedules = Updated(body).Schedules;
        schedules[0].ShouldBe(Stored.Schedules[0]);
        schedules[1].Id.ShouldNotBe(Stored.Schedules[1].Id);
        schedules[1].TriggerSavedOn.ShouldBe(Later.Now);
    }

    [Fact]
    public void An_update_that_is_asked_about_is_refused_at_its_place() =>
        ScheduleSetting.DecideUpdate(Stored, JsonElement.Parse("""{"computeStartStop":[{"action":"jump","triggerType":"Cron","cron":{"expression":"0 8 * * *"}}]}"""), Later)
            .Findings.ShouldHaveSingleItem().Target.ShouldBe("computeStartStop[0].action");

    [Theory]
    [InlineData("""{"computeStartStop":[null]}""", "computeStartStop[0]", "'computeStartStop[0]' must be an object.")]
    [InlineData("{}", "computeStartStop", "The body must name 'computeStartStop'.")]
    [InlineData("5", "", "The body must be a JSON object of valid Unicode text.")]
    public void A_body_without_schedules_removes_none(string body, string target, string message)
    {
        var finding = ScheduleSetting.Decide(Stored, JsonElement.Parse(body), Later).Findings.ShouldHaveSingleItem();
        (finding.Code, finding.Target, finding.Message).ShouldBe((FindingCodes.InvalidRequestBody, target, message));
        ScheduleSetting.DecideUpdate(Stored, JsonElement.Parse(body), Later).Findings.ShouldHaveSingleItem()
            .Message.ShouldBe(message.Replace("The body", "'schedules'", StringComparison.Ordinal));
    }

    [Theory(DisplayName = "3.T13 An empty list removes all schedules, and so does null")]
    [InlineData("""{"computeStartStop":[]}""")]
    [InlineData("""{"computeStartStop":null}""")]
    public void An_empty_list_removes_all_schedules(string body) => Replaced(JsonNode.Parse(body)!).ShouldBeEmpty();

    [Fact]
    public void Data_mounts_are_added_replaced_and_taken_away_by_name()
    {
        var two = Mounted(Samples.Model(), """[{"mountName":"a","sourceType":"URI","source":"one"},{"mountName":"b","sourceType":"dataset","source":"two","mountMode":"readwrite","mountPath":"/data/b"}]""");
        two.DataMounts.Select(m => (m.Name, m.SourceType, m.Mode)).ShouldBe([("a", DataMountSource.Uri, DataMountMode.ReadOnly), ("b", DataMountSource.Dataset, DataMountMode.ReadWrite)]);
        var changed = Mounted(two, """[{"mountName":"A","sourceType":"URI","source":"three"},{"mountName":"c","mountAction":"unmount"}]""", "bob");
        changed.DataMounts.Select(m => (m.Name, m.Source, m.CreatedBy)).ShouldBe([("A", "three", "bob"), ("b", "two", "ann")]);
        Mounted(changed, """[{"mountName":"B","mountAction":"Unmount"}]""").DataMounts.ShouldHaveSingleItem().Name.ShouldBe("A");
        ModelJson.Same(Mounted(two, """[{"mountName":"a","sourceType":"uri","source":"one"}]""", "bob"), two).ShouldBeTrue("asking again changes nothing");
        ModelJson.Same(ModelJson.Deserialize(ModelJson.Serialize(two)), two).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""[{"mountName":"a","sourceType":"URI","source":"x"},{"mountName":"A","mountAction":"Unmount"}]""", "[1].mountName")]
    [InlineData("""[{"mountName":"a","sourceType":"URI","source":"x","mountPath":"/d"},{"mountName":"b","sourceType":"URI","source":"x","mountPath":"/d"}]""", "mountPath")]
    [InlineData("""[{"sourceType":"URI","source":"x"}]""", "[0].mountName")]
    [InlineData("""[{"mountName":"a","sourceType":"0","source":"x"}]""", "[0].sourceType")]
    [InlineData("""[{"mountName":"a","sourceType":"URI","source":"x\ny"}]""", "[0].source")]
    [InlineData("""[{"mountName":"a","sourceType":"URI","source":"x","mountAction":"Remount"}]""", "[0].mountAction")]
    [InlineData("""[{"mountName":"a","sourceType":"URI","source":"x","mountPath":"data"}]""", "[0].mountPath")]
    public void A_bad_data_mount_is_refused_with_its_target(string body, string target)
    {
        var finding = DataMountSetting.Decide(Samples.Model(), JsonElement.Parse(body), "ann").Findings.ShouldHaveSingleItem();
        (finding.Code, finding.Target).ShouldBe((FindingCodes.InvalidDataMount, target));
    }

    [Fact]
    public void More_than_32_data_mounts_are_refused_also_over_several_calls()
    {
        var model = Samples.Model();
        for (var i = 0; i < 32; i++)
        {
            model = Mounted(model, $$"""[{"mountName":"m{{i}}","sourceType":"URI","source":"x"}]""");
        }

        DataMountSetting.Decide(model, JsonElement.Parse("""[{"mountName":"one-more","sourceType":"URI","source":"x"}]"""), "ann")
            .Findings.ShouldHaveSingleItem().Message.ShouldContain("32");
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_body_is_a_finding_and_no_fault()
    {
        var text = JsonElement.Parse("""{"adminPublicKey":"\ud800"}""");
        SshKeySetting.Decide(Samples.Model(), text).Findings.ShouldHaveSingleItem().Code.ShouldBe(FindingCodes.InvalidRequestBody);
        DataMountSetting.Decide(Samples.Model(), JsonElement.Parse("""[{"mountName":"\ud800"}]"""), "ann").Findings.ShouldHaveSingleItem();
    }

    private static ComputeInstanceModel Mounted(ComputeInstanceModel stored, string body, string who = "ann")
    {
        var decision = DataMountSetting.Decide(stored, JsonElement.Parse(body), who);
        decision.Findings.ShouldBeEmpty();
        return decision.Model!;
    }
}
