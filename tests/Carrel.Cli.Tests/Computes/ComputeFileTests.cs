using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Computes;

public sealed class ComputeFileTests
{
    private const string Head = "name: ci1\ntype: computeinstance\n";

    private const string Defaults = """
        "applicationSharingPolicy":"Shared","computeInstanceAuthorizationType":"personal","enableOSPatching":false,"enableRootAccess":true,
        "enableSSO":true,"releaseQuotaOnStop":false,"enableNodePublicIp":true
        """;

    private static ComputeRequest Read(string text) => ComputeFile.Read("ci.yml", YamlFile.Parse("ci.yml", text), "s1", "g1");

    private static JsonNode Inner(string text) => Read(text).Body["properties"]!["properties"]!;

    private static CliException Refusal(string text)
    {
        var problem = Should.Throw<CliException>(() => Read(text));
        problem.ExitCode.ShouldBe(ExitCode.Usage);
        return problem;
    }

    private static void ShouldBeJson(JsonNode? actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue($"was {actual?.ToJsonString()}\nnot {expected}");

    [Fact(DisplayName = "2.T1 The basic seed file is its size and the defaults only")]
    public void The_basic_seed_file_is_its_size_and_the_defaults_only()
    {
        var request = Read("$schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json \nname: basic-example-i\ntype: computeinstance\nsize: STANDARD_DS3_v2\n");
        request.Name.ShouldBe("basic-example-i");
        request.Warnings.ShouldBeEmpty();
        ShouldBeJson(request.Body, $$$"""{"properties":{"computeType":"ComputeInstance","disableLocalAuth":true,"properties":{"vmSize":"STANDARD_DS3_v2",{{{Defaults}}} } } }""");
    }

    [Fact(DisplayName = "2.T2 A file without a size asks for STANDARD_DS3_V2")]
    public void A_file_without_a_size_asks_for_STANDARD_DS3_V2() => Inner(Head)["vmSize"]!.ToString().ShouldBe("STANDARD_DS3_V2");

    [Theory(DisplayName = "2.T3 Idle minutes are sent as they are and judged by the server")]
    [InlineData("30", "PT30M")]
    [InlineData("\"30\"", "PT30M")]
    [InlineData("14", "PT14M")]
    [InlineData("4321", "PT4321M")]
    public void Idle_minutes_are_sent_as_they_are_and_judged_by_the_server(string written, string sent) =>
        Inner($"{Head}idle_time_before_shutdown_minutes: {written}\n")["idleTimeBeforeShutdown"]!.ToString().ShouldBe(sent);

    [Fact(DisplayName = "2.T4 The minutes win over the old key without a warning")]
    public void The_minutes_win_over_the_old_key_without_a_warning()
    {
        var both = Read(Head + "idle_time_before_shutdown_minutes: 30\nidle_time_before_shutdown: PT1H\n");
        both.Body["properties"]!["properties"]!["idleTimeBeforeShutdown"]!.ToString().ShouldBe("PT30M");
        both.Warnings.ShouldBeEmpty();
    }

    [Fact(DisplayName = "2.T4 The old key alone is sent unchanged with a warning")]
    public void The_old_key_alone_is_sent_unchanged_with_a_warning()
    {
        var old = Read(Head + "idle_time_before_shutdown: PT1H\n");
        old.Body["properties"]!["properties"]!["idleTimeBeforeShutdown"]!.ToString().ShouldBe("PT1H");
        old.Warnings.ShouldHaveSingleItem().ShouldContain("deprecated");
    }

    [Theory(DisplayName = "2.T5 The seed schedule becomes a cron row")]
    [InlineData("\"2021-03-10T21:21:07\"")]
    [InlineData("2021-03-10T21:21:07")]
    [InlineData("2021-03-10 21:21:07")]
    public void The_seed_schedule_becomes_a_cron_row(string start) => ShouldBeJson(
        Inner($"{Head}schedules:\n   compute_start_stop:\n      - action: stop\n        trigger:\n         type: cron\n         start_time: {start}\n         time_zone: Pacific Standard Time\n         expression: 0 18 * * *\n")["schedules"],
        """
        {"computeStartStop":[{"action":"Stop","status":"Enabled","triggerType":"Cron",
         "cron":{"startTime":"2021-03-10T21:21:07","timeZone":"Pacific Standard Time","triggerType":"Cron","expression":"0 18 * * *"}}]}
        """);

    private static string Recurrence(string rest) =>
        $"{Head}schedules:\n  compute_start_stop:\n  - action: START\n    state: disabled\n    trigger:\n      type: recurrence\n      frequency: week\n{rest}";

    [Fact(DisplayName = "2.T6 A single hour becomes a list")]
    public void A_single_hour_becomes_a_list() => ShouldBeJson(
        Inner(Recurrence("      schedule:\n        hours: 15\n        minutes: [30]\n        week_days: monday\n"))["schedules"]!["computeStartStop"]![0],
        """
        {"action":"Start","status":"Disabled","triggerType":"Recurrence","recurrence":{"timeZone":"UTC","triggerType":"Recurrence","frequency":"Week","interval":1,
         "schedule":{"hours":[15],"minutes":[30],"weekDays":["Monday"]}}}
        """);

    [Fact(DisplayName = "2.T7 Days of the month and an end are left out with a warning each")]
    public void Days_of_the_month_and_an_end_are_left_out_with_a_warning_each()
    {
        var request = Read(Recurrence("      end_time: 2027-01-01T00:00:00\n      schedule:\n        hours: 15\n        minutes: 0\n        month_days: [1]\n"));
        request.Body.ToJsonString().ShouldNotContain("onthDays");
        request.Body.ToJsonString().ShouldNotContain("endTime");
        request.Warnings.Count.ShouldBe(2);
        request.Warnings.ShouldContain(warning => warning.Contains("month_days"));
        request.Warnings.ShouldContain(warning => warning.Contains("end_time"));
    }

    [Fact(DisplayName = "2.T8 A full subnet id beside a network is refused")]
    public void A_full_subnet_id_beside_a_network_is_refused() =>
        Refusal(Head + "network_settings:\n  vnet_name: v\n  subnet: /subscriptions/x/y\n").Message.ShouldStartWith("ci.yml:4: ");

    [Fact(DisplayName = "2.T8 Network and subnet become an id in the workspaces group")]
    public void Network_and_subnet_become_an_id_in_the_workspaces_group() =>
        Inner(Head + "network_settings:\n  vnet_name: v\n  subnet: s\n")["subnet"]!["id"]!.ToString()
            .ShouldBe("/subscriptions/s1/resourceGroups/g1/providers/Microsoft.Network/virtualNetworks/v/subnets/s");

    [Fact(DisplayName = "2.T8 A full subnet id alone is sent as it is")]
    public void A_full_subnet_id_alone_is_sent_as_it_is() =>
        Inner(Head + "network_settings: {subnet: /subscriptions/x/y}\n")["subnet"]!["id"]!.ToString().ShouldBe("/subscriptions/x/y");

    [Fact(DisplayName = "2.T9 Ssh without a key is enabled without a key")]
    public void Ssh_without_a_key_is_enabled_without_a_key()
    {
        var outer = Read(Head + "ssh_public_access_enabled: true\n").Body["properties"]!;
        ShouldBeJson(outer["properties"]!["sshSettings"], """{"sshPublicAccess":"Enabled"}""");
        outer["disableLocalAuth"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public void A_key_without_the_switch_is_sent_with_public_access_disabled()
    {
        var outer = Read(Head + "ssh_settings:\n  ssh_key_value: ssh-rsa AAAA\n").Body["properties"]!;
        ShouldBeJson(outer["properties"]!["sshSettings"], """{"sshPublicAccess":"Disabled","adminPublicKey":"ssh-rsa AAAA"}""");
        outer["disableLocalAuth"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static string Application(string name, int published) =>
        $"- name: {name}\n  image:\n    reference: r/i:1\n  endpoints:\n  - target: 8787\n    published: {published}\n  environment_variables:\n    A: 1\n  bind_mounts:\n  - source: /home/azureuser/cloudfiles\n    target: /home/azureuser/cloudfiles\n";

    [Fact(DisplayName = "2.T10 A name given twice is refused")]
    public void A_name_given_twice_is_refused() =>
        Refusal($"{Head}custom_applications:\n{Application("a", 8787)}{Application("A", 8788)}").Message.ShouldContain("application_name 'A' is not unique");

    [Fact(DisplayName = "2.T10 A port given twice is refused")]
    public void A_port_given_twice_is_refused() =>
        Refusal($"{Head}custom_applications:\n{Application("a", 8787)}{Application("b", 8787)}").Message.ShouldContain("published_port 8787 is not unique");

    [Fact]
    public void An_application_is_filled_in_as_the_SDK_does() => ShouldBeJson(Inner($"{Head}custom_applications:\n{Application("a", 8787)}")["customServices"],
        """
        [{"type":"docker","name":"a","image":{"type":"docker","reference":"r/i:1"},"environmentVariables":{"A":{"type":"local","value":"1"}},
          "docker":{"privileged":true},"endpoints":[{"protocol":"http","name":"connect","target":8787,"published":8787}],
          "volumes":[{"type":"bind","readOnly":false,"source":"/home/azureuser/cloudfiles","target":"/home/azureuser/cloudfiles"}]}]
        """);

    [Fact(DisplayName = "2.T11 An unknown key is named with its line")]
    public void An_unknown_key_is_named_with_its_line() =>
        Refusal("name: ci1\ntyp: computeinstance\n").Message.ShouldBe("ci.yml:2: unknown key 'typ'; did you mean 'type'?");

    [Fact]
    public void An_unknown_inner_key_is_named_with_its_path_and_line() =>
        Refusal(Head + "setup_scripts:\n  creation_script:\n    pathe: x\n").Message.ShouldStartWith("ci.yml:5: unknown key 'setup_scripts.creation_script.pathe'");

    [Fact(DisplayName = "2.T14 The seed identity is sent as the map key")]
    public void The_seed_identity_is_sent_as_the_map_key() => ShouldBeJson(
        Read("$schema: https://x\nname: myinstance\ntype: computeinstance\nidentity:\n  type: user_assigned\n  user_assigned_identities: \n    - resource_id: identity_resource_id\n").Body["identity"],
        """{"type":"UserAssigned","userAssignedIdentities":{"identity_resource_id":{}}}""");

    [Fact(DisplayName = "2.T14 The key identity type is refused by name")]
    public void The_key_identity_type_is_refused_by_name() =>
        Refusal(Head + "identity:\n  identity-type: user_assigned\n").Message.ShouldContain("'identity.identity-type'");

    [Fact]
    public void The_seed_without_its_schema_key_is_refused_with_a_hint() =>
        Refusal("https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json\nname: myinstance\ntype: computeinstance\n")
            .Message.ShouldContain("put '$schema: ' before it");

    [Fact]
    public void Scripts_without_a_time_limit_are_sent_without_one() => ShouldBeJson(
        Inner(Head + "setup_scripts:\n  creation_script:\n    path: Users/me/a.sh\n    timeout_minutes: 20\n  startup_script:\n    command: touch /tmp/x\n")["setupScripts"],
        """
        {"scripts":{"creationScript":{"scriptSource":"workspaceStorage","scriptData":"Users/me/a.sh","timeout":"20m"},
         "startupScript":{"scriptSource":"workspaceStorage","scriptArguments":"touch /tmp/x"}}}
        """);

    [Fact]
    public void On_behalf_of_needs_both_ids_and_both_as_GUIDs()
    {
        Refusal(Head + "create_on_behalf_of:\n  user_object_id: 00000000-0000-0000-0000-000000000001\n").Message.ShouldContain("create_on_behalf_of.user_tenant_id");
        Refusal(Head + "create_on_behalf_of:\n  user_object_id: ada\n  user_tenant_id: x\n").Message.ShouldContain("must be a GUID");
    }

    [Theory]
    [InlineData("ComputeInstance")]
    [InlineData("compute_instance")]
    [InlineData("compute-instance")]
    public void The_type_is_understood_in_any_spelling(string type) => Read($"name: a\ntype: {type}\n").Name.ShouldBe("a");

    [Theory]
    [InlineData("name: a\n", "type")]
    [InlineData("type: computeinstance\n", "name")]
    [InlineData("name: a\ntype: amlcompute\n", "computeinstance")]
    [InlineData("name: a\nname: b\n", "given twice")]
    [InlineData("name: [a\n", "not valid YAML")]
    [InlineData("- a\n", "key: value")]
    [InlineData("", "key: value")]
    [InlineData("name: a\n---\nname: b\n", "second document")]
    [InlineData(Head + "enable_sso: maybe\n", "true or false")]
    [InlineData(Head + "idle_time_before_shutdown_minutes: soon\n", "whole number")]
    [InlineData(Head + "network_settings: {subnet: s}\n", "vnet_name")]
    [InlineData(Head + "schedules:\n  compute_start_stop:\n  - action: pause\n    trigger: {type: cron}\n", "Start, Stop")]
    [InlineData(Head + "schedules:\n  compute_start_stop:\n  - action: stop\n    trigger: {type: cron, expression: x, interval: 2}\n", "trigger.interval")]
    public void A_bad_file_is_refused_with_what_is_wrong(string text, string part) => Refusal(text).Message.ShouldContain(part);

    [Fact]
    public void A_fifth_schedule_is_refused() => Refusal(Head + "schedules:\n  compute_start_stop:\n"
        + string.Concat(Enumerable.Repeat("  - {action: stop, trigger: {type: cron, expression: 0 1 * * *}}\n", 5))).Message.ShouldContain("at most 4");

    [Fact]
    public void Words_of_YAML_1_1_are_understood()
    {
        var inner = Inner(Head + "enable_sso: no\nenable_root_access: Off\nenable_os_patching: yes\nidle_time_before_shutdown_minutes: ~\n");
        inner["enableSSO"]!.GetValue<bool>().ShouldBeFalse();
        inner["enableRootAccess"]!.GetValue<bool>().ShouldBeFalse();
        inner["enableOSPatching"]!.GetValue<bool>().ShouldBeTrue();
        inner["idleTimeBeforeShutdown"].ShouldBeNull();
    }
}
