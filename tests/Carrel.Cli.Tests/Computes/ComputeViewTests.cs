using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;
using Carrel.Cli.Yaml;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Computes;

public sealed class ComputeViewTests
{
    private static JsonObject Resource(string innerExtra) => JsonNode.Parse(Cli.Compute("ci1", innerExtra: innerExtra))!.AsObject();

    [Fact(DisplayName = "2.T12 An hour is shown as text without minutes")]
    public void An_hour_is_shown_as_text_without_minutes()
    {
        var view = ComputeView.From(Resource(""","idleTimeBeforeShutdown":"PT1H" """));
        view["idle_time_before_shutdown"]!.ToString().ShouldBe("PT1H");
        view["idle_time_before_shutdown_minutes"].ShouldBeNull();
    }

    [Fact(DisplayName = "2.T12 Minutes answered by the server are shown as a number")]
    public void Minutes_answered_by_the_server_are_shown_as_a_number() =>
        ComputeView.From(Resource(""","idleTimeBeforeShutdown":"PT60M" """))["idle_time_before_shutdown_minutes"]!.GetValue<int>().ShouldBe(60);

    [Theory]
    [InlineData("Enabled", "true")]
    [InlineData("Disabled", "false")]
    [InlineData("NotSpecified", "null")]
    public void Public_access_reads_as_yes_no_or_unknown(string word, string shown) =>
        JsonText.Pretty(ComputeView.From(Resource($$$""","sshSettings":{"sshPublicAccess":"{{{word}}}"} """))["ssh_public_access_enabled"]).ShouldBe(shown);

    [Fact]
    public void A_compute_of_another_kind_is_shown_with_what_it_has()
    {
        var view = ComputeView.From(JsonNode.Parse("""{"name":"k","properties":{"computeType":"AKS"}}""")!.AsObject());
        view["type"]!.ToString().ShouldBe("aks");
        view["state"].ShouldBeNull();
    }

    [Fact]
    public void What_show_prints_as_YAML_can_be_created_again()
    {
        const string text = """
            name: "123"
            type: computeinstance
            description: "yes"
            tags: {a: "1", b: "multi\nline"}
            size: STANDARD_DS3_V2
            ssh_public_access_enabled: true
            ssh_settings: {ssh_key_value: ssh-rsa AAAA}
            identity: {type: user_assigned, user_assigned_identities: [{resource_id: i1}]}
            idle_time_before_shutdown_minutes: 30
            schedules:
              compute_start_stop:
              - {action: stop, trigger: {type: cron, start_time: "2021-03-10T21:21:07", expression: 0 18 * * *}}
              - {action: start, state: disabled, trigger: {type: recurrence, frequency: week, schedule: {hours: [8], minutes: [0], week_days: [monday]}}}
            setup_scripts: {creation_script: {path: a.sh, timeout_minutes: 5}}
            custom_applications:
            - {name: r, image: {reference: i}, endpoints: [{target: 8787, published: 8788}], environment_variables: {K: "1e3"}, bind_mounts: [{source: /a, target: /b}]}
            enable_sso: false
            """;
        var first = ComputeFile.Read("a", YamlFile.Parse("a", text), "s", "g");
        var resource = first.Body.DeepClone().AsObject();
        resource["name"] = first.Name;
        resource["properties"]!["provisioningState"] = "Succeeded";

        var second = ComputeFile.Read("b", YamlFile.Parse("b", YamlText.Write(ComputeView.From(resource))), "s", "g");

        second.Name.ShouldBe("123");
        JsonNode.DeepEquals(second.Body, first.Body).ShouldBeTrue($"{second.Body}\nis not\n{first.Body}");
        second.Warnings.ShouldHaveSingleItem().ShouldContain("provisioning_state");
    }
}
