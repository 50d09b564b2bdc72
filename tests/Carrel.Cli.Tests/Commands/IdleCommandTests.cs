using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class IdleCommandTests : IDisposable
{
    private const string Explain = $"GET {Cli.Workspace}/computes/desk/explain";
    private const string Keep = $"POST {Cli.Workspace}/computes/desk/keepAwake";
    private readonly Cli _cli = new();

    [Theory]
    [InlineData("busy", """
        {"name":"desk","state":"Running","now":"2026-11-21T08:00:00Z","seenAt":"2026-11-21T07:59:30Z","idleTimeBeforeShutdown":"PT30M","decision":"Active","reason":"In use: a busy kernel.",
         "keepAwakeUntil":"2026-11-21T10:00:00Z","keepAwakeBy":"ada@example.org",
         "signals":[{"kind":"Kernel","name":"python3 01234567","counts":true,"active":true,"lastActivity":"2026-11-21T07:59:30Z","detail":"busy, 1 open connection"},
                    {"kind":"Terminal","name":"1","counts":true,"active":false,"lastActivity":"2026-11-21T05:59:30Z","detail":"no command, no input or output"},
                    {"kind":"SecureShell","counts":false,"active":true,"lastActivity":"2026-11-21T07:59:30Z","detail":"1 open"}],
         "next":[{"action":"Stop","trigger":"Schedule","at":"2026-11-21T18:00:00Z","scheduleId":"s1"}],"lastAutomaticAction":null}
        """)]
    [InlineData("idle", """
        {"name":"desk","state":"Running","now":"2026-11-21T08:00:00Z","seenAt":"2026-11-21T07:59:59Z","decision":"Wait","reason":"Idle since 2026-11-21T07:40:00Z; stops after 30 minutes, at 2026-11-21T08:10:00Z.",
         "signals":[],"next":[{"action":"Stop","trigger":"IdleShutdown","at":"2026-11-21T08:10:00Z"}],
         "lastAutomaticAction":{"at":"2026-11-19T08:00:00Z","action":"Microsoft.MachineLearningServices/workspaces/computes/stop/action","trigger":"IdleShutdown","outcome":"Succeeded","reason":"Idle since 2026-11-19T07:30:00Z, which is 30 minutes or more: nothing that counts was active.",
           "evidence":{"signals":[{"kind":"Kernel","counts":true,"active":false,"lastActivity":"2026-11-19T07:30:00Z","detail":"idle, 1 open connection"}]}}}
        """)]
    [InlineData("taken-back", """
        {"name":"desk","state":"Running","now":"2026-11-21T17:50:00Z","seenAt":"2026-11-21T17:49:30Z","decision":"Off","reason":"No idle time is set.","signals":[],
         "next":[{"action":"Stop","trigger":"Schedule","at":"2026-11-22T18:00:00Z","scheduleId":"s1"}],
         "notice":{"eventType":"ScheduledShutdownPending","state":"Dismissed","fireAt":"2026-11-21T18:00:00Z","ending":"It was dismissed by ada@example.org."},"lastAutomaticAction":null}
        """)]
    [InlineData("comes-all-the-same", """
        {"name":"desk","state":"Stopped","now":"2026-11-21T17:46:00Z","decision":"NotApplicable","reason":"Only a running instance can be idle.","signals":[],
         "next":[{"action":"Start","trigger":"Schedule","at":"2026-11-21T17:58:00Z","scheduleId":"s2","schedule":"Start by cron '58 17 * * *' (UTC)"},
                 {"action":"Stop","trigger":"Schedule","at":"2026-11-21T18:00:00Z","scheduleId":"s1","schedule":"Stop by cron '0 18 * * *' (UTC)"}],
         "notice":{"eventType":"ScheduledShutdownPending","state":"Done","fireAt":"2026-11-21T18:00:00Z","ending":"A schedule stopped the instance before."},"lastAutomaticAction":null}
        """)]
    [InlineData("announced", """
        {"name":"desk","state":"Running","now":"2026-11-21T17:50:00Z","seenAt":"2026-11-21T17:49:30Z","decision":"Off","reason":"No idle time is set.","signals":[],
         "next":[{"action":"Stop","trigger":"Schedule","at":"2026-11-21T18:00:00Z","scheduleId":"s1","schedule":"Stop by cron '0 18 * * *' (UTC)"}],
         "notice":{"eventType":"ScheduledShutdownPending","state":"Pending","fireAt":"2026-11-21T18:00:00Z","ending":null},"lastAutomaticAction":null}
        """)]
    public async Task Why_is_told_in_sentences(string name, string answer)
    {
        _cli.Server.On(Explain, 200, answer);

        (await _cli.RunAsync("compute", "why", "desk")).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"compute-why-{name}.txt", _cli.Out);
    }

    [Fact]
    public async Task Why_is_JSON_for_programs()
    {
        _cli.Server.On(Explain, 200, """{"name":"desk","decision":"Off"}""");

        (await _cli.RunAsync("compute", "why", "desk", "-o", "json")).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode.Parse(_cli.Out)!["decision"]!.ToString().ShouldBe("Off");
    }

    [Fact]
    public async Task A_word_of_the_server_cannot_steer_the_terminal()
    {
        _cli.Server.On(Explain, 200, """{"name":"desk","state":"Running","reason":"a\u001b[2Jb"}""");

        (await _cli.RunAsync("compute", "why", "desk")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldNotContain("\u001b");
    }

    [Theory]
    [InlineData("keep-awake", "2h", 120)]
    [InlineData("keep-awake", "1d12h", 2160)]
    [InlineData("compute keep-awake", "45m", 45)]
    [InlineData("compute keep-awake", "7d", 10080)]
    [InlineData("keep-awake", "off", 0)]
    public async Task Keep_awake_sends_minutes(string verb, string length, int minutes)
    {
        _cli.Server.On(Keep, 200, """{"keepAwakeUntil":"2026-11-21T10:00:00.0000000Z"}""");

        (await _cli.RunAsync([.. verb.Split(' '), "desk", length])).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Json["minutes"]!.GetValue<int>().ShouldBe(minutes);
        JsonNode.Parse(_cli.Out)!["keep_awake_until"]!.ToString().ShouldBe("2026-11-21T10:00:00.0000000Z");
    }

    [Fact]
    public async Task Keep_awake_warns_of_a_stop_by_schedule()
    {
        _cli.Server.On(Keep, 200, """{"keepAwakeUntil":"2026-11-21T10:00:00Z","scheduledStop":"2026-11-21T09:00:00Z"}""");

        (await _cli.RunAsync("keep-awake", "desk", "2h")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Error.ShouldContain("a schedule stops it at 2026-11-21T09:00:00Z all the same");
    }

    [Theory]
    [InlineData("keep-awake desk", "how long")]
    [InlineData("keep-awake", "Which instance")]
    [InlineData("keep-awake desk 8d", "7d at most")]
    [InlineData("keep-awake desk 2x", "no duration")]
    [InlineData("keep-awake desk 9999999999999h", "no duration")]
    [InlineData("keep-awake --pid 4711", "inside an instance")]
    public async Task What_cannot_be_meant_is_refused_before_anything_is_sent(string line, string part)
    {
        (await _cli.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain(part);
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Inside_an_instance_a_process_is_the_agents_affair(int code)
    {
        var run = new List<string>();
        _cli.Agent = "/opt/carrel/agent/carrel-agent";
        _cli.Programs = (program, arguments) =>
        {
            run.Add($"{program} {string.Join(' ', arguments)}");
            return code;
        };

        (await _cli.RunAsync("keep-awake", "--pid", "4711")).ShouldBe(code);
        run.ShouldBe(["/opt/carrel/agent/carrel-agent keep-awake --pid 4711"]);
        (await _cli.RunAsync("keep-awake", "desk", "--pid", "4711")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("leave name and duration out");
        run.Count.ShouldBe(1);
        _cli.Server.Seen.ShouldBeEmpty();
    }

    public void Dispose() => _cli.Dispose();
}
