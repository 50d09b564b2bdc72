using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Instances.Specs;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

public sealed class ComputeInstanceSpecReaderTests
{
    private static readonly string[] Names =
    [
        "properties", "tags", "identity", "type", "userAssignedIdentities", "vmSize", "subnet", "id", "sshSettings", "schedules", "computeStartStop",
        "cron", "recurrence", "schedule", "hours", "weekDays", "customServices", "endpoints", "target", "environmentVariables", "image", "docker",
        "setupScripts", "scripts", "creationScript", "scriptData", "timeout", "idleTimeBeforeShutdown", "computeType", "monthlyOccurrences", "x",
    ];

    [Fact]
    public void Names_are_read_in_any_case_and_null_is_absent()
    {
        var spec = Samples.Spec(JsonNode.Parse(
            """{"LOCATION":"local","Tags":null,"PROPERTIES":{"computetype":"ComputeInstance","Properties":{"VMSIZE":"x","subnet":null,"sshSettings":null,"schedules":{"computeStartStop":null}}}}""")!);
        spec.ShouldSatisfyAllConditions(
            () => spec.Location.ShouldBe("local"),
            () => spec.VmSize.ShouldBe("x"),
            () => spec.Tags.ShouldBeNull(),
            () => spec.Schedules.ShouldBeNull());
    }

    [Fact(DisplayName = "1.T14, 1.T15 Read only and unknown members are ignored")]
    public void Statement_1_T14_and_1_T15_read_only_and_unknown_members_are_ignored() =>
        Samples.Spec(Samples.Body("""{"state":7,"errors":{},"foo":1,"applications":"x"}""", """{"id":5,"systemData":[]}""", """{"provisioningState":[]}"""))
            .VmSize.ShouldBe("STANDARD_DS3_v2");

    [Theory]
    [InlineData("""{"vmSize":5}""", "properties.properties.vmSize")]
    [InlineData("""{"subnet":"x"}""", "properties.properties.subnet")]
    [InlineData("""{"enableSSO":"true"}""", "properties.properties.enableSSO")]
    [InlineData("""{"schedules":{"computeStartStop":[{"cron":7}]}}""", "properties.properties.schedules.computeStartStop[0].cron")]
    [InlineData("""{"schedules":{"computeStartStop":[null]}}""", "properties.properties.schedules.computeStartStop[0]")]
    [InlineData("""{"schedules":{"computeStartStop":[{},{"recurrence":{"schedule":{"hours":[1.5]}}}]}}""", "properties.properties.schedules.computeStartStop[1].recurrence.schedule.hours[0]")]
    [InlineData("""{"customServices":{}}""", "properties.properties.customServices")]
    [InlineData("""{"customServices":[null]}""", "properties.properties.customServices[0]")]
    [InlineData("""{"customServices":[{"endpoints":[{"target":"8787"}]}]}""", "properties.properties.customServices[0].endpoints[0].target")]
    public void A_wrong_json_type_is_a_finding_at_its_place(string inner, string target)
    {
        var finding = Samples.Read(Samples.Body(inner)).Findings.ShouldHaveSingleItem();
        (finding.Code, finding.Target).ShouldBe((FindingCodes.InvalidRequestBody, target));
    }

    [Fact]
    public void All_findings_are_reported() =>
        Samples.Read(Samples.Body("""{"vmSize":5,"enableSSO":1}""", """{"tags":{"a":1},"identity":3}""")).Findings.Count.ShouldBe(4);

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("""{"tags":{"a":"\ud800"}}""")]
    [InlineData("""{"properties":{"properties":{"customServices":[{"\ud800":1}]}}}""")]
    public void A_body_that_is_no_object_or_no_unicode_is_refused(string text)
    {
        using var document = JsonDocument.Parse(text);
        ComputeInstanceSpecReader.Read(document.RootElement).Findings.ShouldHaveSingleItem().Code.ShouldBe(FindingCodes.InvalidRequestBody);
    }

    [Fact]
    public void Any_json_is_read_and_validated_without_an_exception() =>
        Property.Check(
            Prop.ForAll(Bodies().ToArbitrary(), text =>
            {
                using var document = JsonDocument.Parse(text);
                var reading = ComputeInstanceSpecReader.Read(document.RootElement);
                if (reading.Spec is { } spec)
                {
                    ComputeInstanceValidator.Validate(spec, Samples.Context());
                    UpdateRules.Decide(Samples.Model(), spec, Samples.Context());
                }

                return (reading.Spec is null) == (reading.Findings.Count > 0);
            }),
            runs: 3000);

    /// <summary>Half of them have the two levels of properties right, so that the rules behind are reached.</summary>
    private static Gen<string> Bodies() =>
        from wrapped in Gen.Elements(true, false)
        from json in Json(5)
        select wrapped ? "{\"properties\":{\"computeType\":\"ComputeInstance\",\"properties\":" + json + "}}" : json;

    private static Gen<string> Json(int depth)
    {
        var leaf = Gen.Elements(
            "null", "true", "1", "-1.5e300", "9999999999", "\"\"", "\"Cron\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"PT1H\"", "\"ssh-rsa AAAA\"", "[]", "{}");
        if (depth == 0)
        {
            return leaf;
        }

        var member = from name in Gen.Elements(Names) from value in Json(depth - 1) select $"\"{name}\":{value}";
        var nested =
            from count in Gen.Choose(0, 5)
            from isObject in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
            from items in Gen.ArrayOf(isObject ? member : Json(depth - 1), count)
            select isObject ? $"{{{string.Join(',', items)}}}" : $"[{string.Join(',', items)}]";
        return depth > 3 ? nested : Gen.Frequency((1, leaf), (3, nested));
    }

    [Fact]
    public void Duplicate_names_count_once_and_the_last_one_wins()
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes("""{"tags":{"a":"1","a":"2"},"TAGS":{"a":"3","a":"4"}}"""));
        ComputeInstanceSpecReader.Read(document.RootElement).Spec!.Tags!["a"].ShouldBe("4");
    }
}
