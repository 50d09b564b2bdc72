using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Computes;

/// <summary>Every YAML of the published articles as it is written there, given to <c>create -f</c>.</summary>
public sealed class SeedFileTests : IDisposable
{
    private const string Schema = "$schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json \n";
    private const string Identity = "name: myinstance\ntype: computeinstance\nidentity:\n  type: user_assigned\n  user_assigned_identities: \n    - resource_id: identity_resource_id\n";

    private readonly Cli _cli = new();

    private async Task<int> CreateAsync(string text, string name = "any")
    {
        _cli.Server.On($"PUT {Cli.Workspace}/computes/{name}", 201, Cli.Compute(name));
        return await _cli.RunAsync("compute", "create", "-f", _cli.Write("seed.yml", text), "--no-wait");
    }

    private async Task<JsonObject> SentAsync(string text, string name)
    {
        (await CreateAsync(text, name)).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Error.ShouldBeEmpty();
        return _cli.Server.To("PUT").ShouldHaveSingleItem().Json;
    }

    [Fact(DisplayName = "2.T1 The basic file of the article makes one PUT with the defaults of the SDK")]
    public async Task The_basic_file_of_the_article_makes_one_PUT_with_the_defaults_of_the_SDK()
    {
        var body = await SentAsync(Schema + "name: basic-example-i\ntype: computeinstance\nsize: STANDARD_DS3_v2\n", "basic-example-i");
        JsonNode.DeepEquals(body, JsonNode.Parse("""
            {"location":"eastus","properties":{"computeType":"ComputeInstance","disableLocalAuth":true,"properties":{
             "vmSize":"STANDARD_DS3_v2","applicationSharingPolicy":"Shared","computeInstanceAuthorizationType":"personal",
             "enableOSPatching":false,"enableRootAccess":true,"enableSSO":true,"releaseQuotaOnStop":false,"enableNodePublicIp":true}}}
            """)).ShouldBeTrue(body.ToString());
    }

    [Fact(DisplayName = "2.T5 The schedule file of the article sends its cron trigger")]
    public async Task The_schedule_file_of_the_article_sends_its_cron_trigger()
    {
        var body = await SentAsync(Schema + """
            name: schedule-example-i
            type: computeinstance
            size: STANDARD_DS3_v2
            schedules:
               compute_start_stop:
                  - action: stop
                    trigger:
                     type: cron
                     start_time: "2021-03-10T21:21:07"
                     time_zone: Pacific Standard Time
                     expression: 0 18 * * *
            """, "schedule-example-i");
        body["properties"]!["properties"]!["schedules"]!["computeStartStop"]![0]!["cron"]!.ToJsonString()
            .ShouldBe("""{"startTime":"2021-03-10T21:21:07","timeZone":"Pacific Standard Time","triggerType":"Cron","expression":"0 18 * * *"}""");
    }

    [Fact(DisplayName = "2.T14 The identity file of the article is sent once its first line has its key")]
    public async Task The_identity_file_of_the_article_is_sent_once_its_first_line_has_its_key() =>
        (await SentAsync(Schema + Identity, "myinstance"))["identity"]!.ToJsonString()
            .ShouldBe("""{"type":"UserAssigned","userAssignedIdentities":{"identity_resource_id":{}}}""");

    [Fact]
    public async Task The_identity_file_as_it_is_printed_is_no_YAML_and_the_hint_says_what_is_missing()
    {
        (await CreateAsync("https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json\n" + Identity)).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("seed.yml:");
        _cli.Error.ShouldContain("put '$schema: ' before it");
        _cli.Server.To("PUT").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_idle_snippet_lacks_what_an_instance_needs_and_says_so()
    {
        (await CreateAsync("# Note that this is just a snippet for the idle shutdown property.\nidle_time_before_shutdown_minutes: 30\n")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("The instance needs a name");
    }

    [Fact(DisplayName = "2.T3 The idle snippet with name and type sends PT30M")]
    public async Task The_idle_snippet_with_name_and_type_sends_PT30M() =>
        (await SentAsync("idle_time_before_shutdown_minutes: 30\nname: ci1\ntype: computeinstance\n", "ci1"))["properties"]!["properties"]!["idleTimeBeforeShutdown"]!
            .ToString().ShouldBe("PT30M");

    public void Dispose() => _cli.Dispose();
}
