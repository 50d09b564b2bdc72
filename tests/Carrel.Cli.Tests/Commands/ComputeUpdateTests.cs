using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class ComputeUpdateTests : IDisposable
{
    private const string Path = $"{Cli.Workspace}/computes/ci1";

    /// <summary>An instance with parts that a file has no words for: extra members of rows, an unknown member, an inline script.</summary>
    private const string Inner = """
        ,"idleTimeBeforeShutdown":"PT30M","future":{"x":1},"sshSettings":{"sshPublicAccess":"Disabled","adminUserName":"azureuser"},"enableSSO":true,
        "enableNodePublicIp":true,"enableRootAccess":true,"setupScripts":{"scripts":{"creationScript":{"scriptSource":"inline","scriptData":"ZWNobw==","timeout":"15m"}}},
        "schedules":{"computeStartStop":[
          {"id":"s1","provisioningStatus":"Completed","status":"Enabled","action":"Stop","triggerType":"Cron","cron":{"timeZone":"UTC","triggerType":"Cron","expression":"0 18 * * *"}},
          {"id":"s2","provisioningStatus":"Completed","status":"Enabled","action":"Start","triggerType":"Recurrence","recurrence":{"timeZone":"UTC","triggerType":"Recurrence","frequency":"Month","interval":1,"schedule":{"hours":[8],"minutes":[0],"monthDays":[1]}}}]},
        "customServices":[{"type":"docker","name":"old","image":{"type":"docker","reference":"r/old"},"endpoints":[{"name":"connect","target":8787,"published":8787,"hostIp":"h"}],"volumes":[{"type":"tmpfs","target":"/t"}]}]
        """;

    private readonly Cli _cli = new();

    public ComputeUpdateTests()
    {
        var resource = Cli.Compute("ci1", innerExtra: Inner).Replace("\"location\"", "\"tags\":{\"a\":\"1\"},\"identity\":{\"type\":\"SystemAssigned\",\"principalId\":\"p\"},\"location\"", StringComparison.Ordinal);
        _cli.Server.On($"GET {Path}", 200, resource, ("ETag", "\"7\"")).On($"PUT {Path}", 200, resource);
    }

    private async Task<JsonObject> PutAsync(params string[] changes)
    {
        (await _cli.RunAsync(["compute", "update", "ci1", .. changes])).ShouldBe(ExitCode.Ok, _cli.Error);
        return _cli.Server.To("PUT").ShouldHaveSingleItem().Json;
    }

    private static JsonNode InnerOf(JsonObject body) => body["properties"]!["properties"]!;

    [Fact(DisplayName = "2.T13 An idle time is set by a full PUT of the stored resource")]
    public async Task An_idle_time_is_set_by_a_full_PUT_of_the_stored_resource()
    {
        var body = await PutAsync("--set", "idle_time_before_shutdown_minutes=60");
        var expected = JsonNode.Parse(_cli.Server.Answer($"GET {Path}"))!.AsObject();
        expected["properties"]!["properties"]!["idleTimeBeforeShutdown"] = "PT60M";
        foreach (var absent in new[] { "id", "name", "type" })
            expected.Remove(absent);
        JsonNode.DeepEquals(body, expected).ShouldBeTrue($"{body}\nis not\n{expected}");
        _cli.Error.ShouldBeEmpty();
    }

    [Theory(DisplayName = "2.T13 What cannot change is named and nothing is sent")]
    [InlineData("size=STANDARD_D3_V2", "size: ")]
    [InlineData("name=ci2", "name: ")]
    [InlineData("location=mars", "location: ")]
    [InlineData("ssh_public_access_enabled=true", "ssh_public_access_enabled, ssh_settings: ")]
    [InlineData("ssh_settings.ssh_key_value=ssh-ed25519 AAAA", "ssh_public_access_enabled, ssh_settings: ")]
    [InlineData("network_settings.subnet=/s/x", "network_settings: ")]
    [InlineData("create_on_behalf_of={\"user_object_id\": \"00000000-0000-0000-0000-000000000001\", \"user_tenant_id\": \"00000000-0000-0000-0000-000000000002\"}", "create_on_behalf_of: ")]
    [InlineData("setup_scripts.startup_script.command=ls", "setup_scripts: ")]
    [InlineData("enable_node_public_ip=false", "enable_node_public_ip: ")]
    [InlineData("enable_root_access=no", "enable_root_access: ")]
    [InlineData("release_quota_on_stop=true", "release_quota_on_stop: ")]
    [InlineData("enable_os_patching=true", "enable_os_patching: ")]
    [InlineData("enable_sso=false", "enable_sso: it has a verb of its own: carrel compute enable-sso")]
    public async Task What_cannot_change_is_named_and_nothing_is_sent(string change, string named)
    {
        (await _cli.RunAsync("compute", "update", "ci1", "--set", change, "idle_time_before_shutdown_minutes=60")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain(named);
        _cli.Server.To("PUT").ShouldBeEmpty();
        _cli.Server.To("POST").ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_that_cannot_change_is_named_at_once()
    {
        (await _cli.RunAsync("compute", "update", "ci1", "--set", "size=A", "enable_root_access=false")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldBe("""
            Error: Nothing was changed, because this cannot change on an existing instance:
              size: it is fixed at creation: delete the instance and create it anew
              enable_root_access: it is fixed at creation: delete the instance and create it anew

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_change_made_meanwhile_by_another_is_not_overwritten()
    {
        await PutAsync("--set", "tags.b=2");
        _cli.Server.To("PUT").Single().IfMatch.ShouldBe("\"7\"");
    }

    [Fact]
    public async Task A_conflict_says_to_run_the_command_again()
    {
        _cli.Server.Replace($"PUT {Path}", 412, """{"error":{"code":"PreconditionFailed","message":"The etag does not match."}}""", ("x-ms-request-id", "r1"));
        (await _cli.RunAsync("compute", "update", "ci1", "--set", "tags.b=2")).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldContain("(PreconditionFailed)");
        _cli.Error.ShouldContain("request id: r1");
        _cli.Error.ShouldContain("run the command again");
    }

    [Fact]
    public async Task Rows_that_stay_keep_what_a_file_cannot_say()
    {
        var body = await PutAsync("--set", "schedules.compute_start_stop[0].trigger.expression=0 19 * * *");
        var rows = InnerOf(body)["schedules"]!["computeStartStop"]!;
        rows[0]!["cron"]!["expression"]!.ToString().ShouldBe("0 19 * * *");
        rows[1]!["id"]!.ToString().ShouldBe("s2");
        rows[1]!["recurrence"]!["schedule"]!["monthDays"]!.ToJsonString().ShouldBe("[1]");
        InnerOf(body)["customServices"]![0]!["volumes"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_row_is_added_and_another_removed()
    {
        var body = await PutAsync("--add", "schedules.compute_start_stop", """{"action": "stop", "trigger": {"type": "cron", "expression": "30 20 * * *"}}""", "--remove", "schedules.compute_start_stop", "0");
        var rows = InnerOf(body)["schedules"]!["computeStartStop"]!.AsArray();
        rows.Select(row => row!["id"]?.ToString()).ShouldBe(["s2", null]);
        rows[1]!["cron"]!["expression"]!.ToString().ShouldBe("30 20 * * *");
    }

    [Theory]
    [InlineData("--remove", "schedules")]
    [InlineData("--set", "schedules.compute_start_stop=[]")]
    [InlineData("--set", "schedules=null")]
    public async Task Schedules_are_emptied_by_an_empty_list(string option, string value) =>
        InnerOf(await PutAsync(option, value))["schedules"]!.ToJsonString().ShouldBe("""{"computeStartStop":[]}""");

    [Fact]
    public async Task Idle_shutdown_is_turned_off_by_its_own_call()
    {
        _cli.Server.On($"POST {Path}/updateIdleShutdownSetting", 200);
        (await _cli.RunAsync("compute", "update", "ci1", "--remove", "idle_time_before_shutdown_minutes")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("PUT").ShouldBeEmpty();
        _cli.Server.To("POST").ShouldHaveSingleItem().Body.ShouldBe("""{"idleTimeBeforeShutdown":null}""");
    }

    [Fact]
    public async Task The_old_idle_key_is_sent_as_it_is() =>
        InnerOf(await PutAsync("--set", "idle_time_before_shutdown=PT2H"))["idleTimeBeforeShutdown"]!.ToString().ShouldBe("PT2H");

    [Fact]
    public async Task Tags_identity_and_description_are_replaced_by_flags()
    {
        var body = await PutAsync("--tags", "b=2", "--identity-type", "None", "--description", "mine");
        body["tags"]!.ToJsonString().ShouldBe("""{"b":"2"}""");
        body["identity"]!.ToJsonString().ShouldBe("""{"type":"None"}""");
        body["properties"]!["description"]!.ToString().ShouldBe("mine");
    }

    [Fact]
    public async Task The_last_tag_is_removed() => (await PutAsync("--remove", "tags.a"))["tags"]!.ToJsonString().ShouldBe("{}");

    [Fact]
    public async Task A_file_changes_its_keys_and_leaves_the_others()
    {
        var file = _cli.Write("ci.yml", "name: CI1\ntype: computeinstance\nsize: standard_ds3_v2\nlocation: East US\nidentity: {type: system_assigned}\ntags: {a: '1', b: '2'}\n");
        (await _cli.RunAsync("compute", "update", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        var body = _cli.Server.To("PUT").ShouldHaveSingleItem().Json;
        body["tags"]!.ToJsonString().ShouldBe("""{"a":"1","b":"2"}""");
        body["identity"]!["principalId"]!.ToString().ShouldBe("p");
        InnerOf(body)["idleTimeBeforeShutdown"]!.ToString().ShouldBe("PT30M");
    }

    [Theory]
    [InlineData("update")]
    [InlineData("preview")]
    public async Task A_file_about_another_instance_than_the_command_is_refused_with_both_names(string verb)
    {
        var file = _cli.Write("other.yml", "name: ci2\ntags: {b: '2'}\nschedules:\n  compute_start_stop: []\n");
        (await _cli.RunAsync("compute", verb, "ci1", "-f", file)).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldBe($"Error: The command is about 'ci1', and the file '{file}' about 'ci2': name 'ci2' in the command, or take the key 'name' out of the file.\n");
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_show_printed_is_edited_and_given_back()
    {
        _cli.Server.Replace($"GET {Path}", 200, Cli.Compute("ci1", innerExtra: ""","idleTimeBeforeShutdown":"PT30M","sshSettings":{"sshPublicAccess":"Disabled","adminUserName":"azureuser"}"""));
        (await _cli.RunAsync("compute", "show", "ci1", "-o", "yaml")).ShouldBe(ExitCode.Ok);
        var file = _cli.Write("ci.yml", _cli.Out.Replace("minutes: 30", "minutes: 45", StringComparison.Ordinal));
        (await _cli.RunAsync("compute", "update", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        InnerOf(_cli.Server.To("PUT").Single().Json)["idleTimeBeforeShutdown"]!.ToString().ShouldBe("PT45M");
    }

    [Fact]
    public async Task What_is_so_already_is_not_sent_again()
    {
        (await _cli.RunAsync("compute", "update", "ci1", "--set", "idle_time_before_shutdown_minutes=30", "size=standard_ds3_v2")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Error.ShouldBe("ci1 is like that already; nothing was sent.\n");
        _cli.Server.To("PUT").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_key_is_refused_without_a_line()
    {
        (await _cli.RunAsync("compute", "update", "ci1", "--set", "idle=60")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldBe("Error: unknown key 'idle'; did you mean 'idle_time_before_shutdown_minutes'?\n");
        _cli.Server.To("PUT").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_warning_of_the_server_is_shown()
    {
        _cli.Server.Replace($"PUT {Path}", 200, Cli.Compute("ci1"), ("Warning", "299 - \"not applied: setupScripts\""));
        (await _cli.RunAsync("compute", "update", "ci1", "--set", "tags.b=2")).ShouldBe(ExitCode.Ok);
        _cli.Error.ShouldBe("Warning: not applied: setupScripts\n");
    }

    public void Dispose() => _cli.Dispose();
}
