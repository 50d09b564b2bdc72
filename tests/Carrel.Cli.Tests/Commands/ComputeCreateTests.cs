using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class ComputeCreateTests : IDisposable
{
    private const string Path = $"{Cli.Workspace}/computes/ci1";
    private const string Status = $"{Cli.Locations}/eastus/computeOperationsStatus/op1";
    private const string StatusUrl = $"https://carrel.test:8443{Status}?api-version=2025-12-01";
    private readonly Cli _cli = new();

    private string File(string more = "") => _cli.Write("ci.yml", $"name: ci1\ntype: computeinstance\n{more}");

    private void Accept() => _cli.Server.On($"PUT {Path}", 201, Cli.Compute("ci1", "Creating"), ("Azure-AsyncOperation", StatusUrl), ("Retry-After", "0.25"));

    [Fact(DisplayName = "2.T1 The seed file makes exactly one PUT")]
    public async Task The_seed_file_makes_exactly_one_PUT()
    {
        Accept();
        _cli.Server.On($"GET {Status}", 200, """{"status":"InProgress"}""", ("Retry-After", "0.5")).On($"GET {Status}", 200, """{"status":"Succeeded"}""")
            .On($"GET {Path}", 200, Cli.Compute("ci1"));

        (await _cli.RunAsync("compute", "create", "-f", File("size: STANDARD_DS3_v2\n"))).ShouldBe(ExitCode.Ok, _cli.Error);

        var put = _cli.Server.To("PUT").ShouldHaveSingleItem();
        put.Authorization.ShouldStartWith("Bearer ");
        put.Query.ShouldBe("?api-version=2025-12-01");
        put.Json["location"]!.ToString().ShouldBe("eastus");
        put.Json["properties"]!["properties"]!["vmSize"]!.ToString().ShouldBe("STANDARD_DS3_v2");
        _cli.Clock.Waits.ShouldBe([TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5)]);
        _cli.Error.ShouldBeEmpty();
        JsonNode.Parse(_cli.Out)!["state"]!.ToString().ShouldBe("Running");
    }

    [Fact]
    public async Task Without_a_file_the_flags_say_it_all()
    {
        Accept();
        _cli.Server.On($"GET {Status}", 200, """{"status":"Succeeded"}""").On($"GET {Path}", 200, Cli.Compute("ci1"));
        (await _cli.RunAsync("compute", "create", "--name", "ci1", "--identity-type", "SystemAssigned", "--type", "ComputeInstance", "--tags", "a=b", "c=d=e",
            "--location", "west", "--resource-group", "rg1", "--workspace-name", "ws1")).ShouldBe(ExitCode.Ok, _cli.Error);
        var body = _cli.Server.To("PUT").Single().Json;
        body["identity"]!["type"]!.ToString().ShouldBe("SystemAssigned");
        body["tags"]!["c"]!.ToString().ShouldBe("d=e");
        body["location"]!.ToString().ShouldBe("west");
    }

    [Fact]
    public async Task No_wait_returns_after_the_answer_to_the_PUT()
    {
        Accept();
        (await _cli.RunAsync("compute", "create", "-f", File(), "--no-wait")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.Seen.ShouldNotContain(request => request.Path == Status);
        JsonNode.Parse(_cli.Out)!["state"]!.ToString().ShouldBe("Creating");
    }

    [Fact]
    public async Task A_failed_operation_shows_the_servers_words()
    {
        Accept();
        _cli.Server.On($"GET {Status}", 200, """{"status":"Failed","error":{"code":"QuotaExceeded","message":"No cores left.","target":"vmSize","details":[{"code":"Inner","message":"4 of 4"}]}}""");
        (await _cli.RunAsync("compute", "create", "-f", File())).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldBe("Error: (QuotaExceeded) No cores left.\n  target: vmSize\n  (Inner) 4 of 4\n");
        _cli.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_detail_that_repeats_the_main_error_is_shown_once()
    {
        _cli.Server.On($"PUT {Path}", 400, """{"error":{"code":"A","message":"First.","target":"name","details":[{"code":"A","message":"First.","target":"name"},{"code":"B","message":"Second.","target":"size"}]}}""");
        (await _cli.RunAsync("compute", "create", "-f", File())).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldBe("Error: (A) First.\n  target: name\n  (B) Second.\n    target: size\n");
    }

    [Fact]
    public async Task An_instance_whose_script_failed_is_printed_and_is_no_success()
    {
        Accept();
        _cli.Server.On($"GET {Status}", 200, """{"status":"Succeeded"}""").On($"GET {Path}", 200, Cli.Compute("ci1", "UserSetupFailed",
            ""","errors":[{"error":{"code":"SetupScriptFailed","message":"The creation script ended with 3: see Logs/ci1/creation.log"}}]"""));
        (await _cli.RunAsync("compute", "create", "-f", File())).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldContain("UserSetupFailed");
        _cli.Error.ShouldContain("Logs/ci1/creation.log");
        _cli.Out.ShouldContain("UserSetupFailed");
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_operation_running_and_says_so()
    {
        Accept();
        _cli.Server.On($"GET {Status}", 200, """{"status":"InProgress"}""");
        _cli.Server.OnRequest = request =>
        {
            if (request.Path == Status)
                _cli.Interrupt.Cancel();
        };
        (await _cli.RunAsync("compute", "create", "-f", File())).ShouldBe(ExitCode.Interrupted);
        _cli.Error.ShouldContain("goes on at the server");
        _cli.Server.To("DELETE").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operation_without_its_header_is_followed_by_the_resource()
    {
        _cli.Server.On($"PUT {Path}", 201, Cli.Compute("ci1").Replace("Succeeded", "Creating", StringComparison.Ordinal)).On($"GET {Path}", 200, Cli.Compute("ci1"));
        (await _cli.RunAsync("compute", "create", "-f", File())).ShouldBe(ExitCode.Ok, _cli.Error);
    }

    [Fact]
    public async Task An_operation_on_another_host_gets_no_token()
    {
        _cli.Server.On($"PUT {Path}", 201, Cli.Compute("ci1"), ("Azure-AsyncOperation", "https://evil.test/op"));
        (await _cli.RunAsync("compute", "create", "-f", File())).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldContain("evil.test");
        _cli.Server.Seen.ShouldNotContain(request => request.Path == "/op");
    }

    [Fact]
    public async Task Warnings_of_file_and_server_go_to_standard_error()
    {
        _cli.Server.On($"PUT {Path}", 201, Cli.Compute("ci1"), ("Warning", "199 carrel \"location is not used\""));
        (await _cli.RunAsync("compute", "create", "-f", File("idle_time_before_shutdown: PT1H\n"), "--no-wait")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Error.ShouldContain("Warning: location is not used\n");
        _cli.Error.ShouldContain("deprecated");
    }

    [Fact]
    public async Task A_bad_file_sends_no_PUT()
    {
        (await _cli.RunAsync("compute", "create", "-f", File("typ: x\n"))).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("ci.yml:3: unknown key 'typ'");
        _cli.Server.To("PUT").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        (await _cli.RunAsync("compute", "create", "-f", "/nowhere.yml")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("/nowhere.yml");
    }

    [Fact(DisplayName = "2.T3 The refusal by the server of 14 minutes is shown")]
    public async Task The_servers_refusal_of_14_minutes_is_shown()
    {
        _cli.Server.On($"PUT {Path}", 400, """{"error":{"code":"InvalidIdleTime","message":"Give 15 to 4320 minutes.","target":"idleTimeBeforeShutdown","details":[]}}""");
        (await _cli.RunAsync("compute", "create", "-f", File("idle_time_before_shutdown_minutes: 14\n"))).ShouldBe(ExitCode.Refused);
        _cli.Server.To("PUT").Single().Body.ShouldContain("PT14M");
        _cli.Error.ShouldContain("(InvalidIdleTime) Give 15 to 4320 minutes.");
    }

    [Fact]
    public async Task Progress_is_shown_on_a_terminal_only()
    {
        _cli.Terminal = true;
        Accept();
        _cli.Server.On($"GET {Status}", 200, """{"status":"Succeeded"}""").On($"GET {Path}", 200, Cli.Compute("ci1"));
        (await _cli.RunAsync("compute", "create", "-f", File())).ShouldBe(ExitCode.Ok);
        _cli.Error.ShouldContain("\rCreating ci1 ... 0 s (Succeeded)");
    }

    public void Dispose() => _cli.Dispose();
}
