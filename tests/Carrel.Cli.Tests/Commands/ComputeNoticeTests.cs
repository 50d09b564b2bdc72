using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class ComputeNoticeTests : IDisposable
{
    private const string Events = Cli.Workspace + "/computes/ci1/scheduledEvents";
    private readonly Cli _cli = new();

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task Announced_stops_are_shown(string format)
    {
        _cli.Server.On($"GET {Events}", 200, $$"""{"value":[{{Row("n2", "Pending", "2026-11-25T18:00:00.0000000Z")}},{{Row("n1", "Done", "2026-11-24T18:00:00.0000000Z")}}]}""");
        (await _cli.RunAsync("compute", "notices", "ci1", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"compute-notices.{format}", _cli.Out);
    }

    [Fact]
    public async Task The_next_announced_stop_is_the_one_that_is_dismissed()
    {
        _cli.Server
            .On($"GET {Events}", 200, $$"""{"value":[{{Row("later", "Pending", "2026-11-26T18:00:00Z")}},{{Row("next", "Snoozed", "2026-11-25T18:00:00Z")}},{{Row("gone", "Dismissed", "2026-11-25T17:00:00Z")}}]}""")
            .On($"POST {Events}/next/dismiss", 200)
            .On($"GET {Events}/next", 200, Row("next", "Dismissed", "2026-11-25T18:00:00Z"));
        (await _cli.RunAsync("compute", "dismiss", "ci1")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Body.ShouldBeEmpty();
        JsonNode.Parse(_cli.Out)!["state"]!.GetValue<string>().ShouldBe("Dismissed");
    }

    [Fact]
    public async Task A_snooze_sends_its_minutes_and_a_named_notice_is_not_looked_for()
    {
        _cli.Server.On($"POST {Events}/n1/snooze", 200).On($"GET {Events}/n1", 200, Row("n1", "Snoozed", "2026-11-25T19:00:00Z"));
        (await _cli.RunAsync("compute", "snooze", "ci1", "--minutes", "60", "--id", "n1")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Json["minutes"]!.GetValue<int>().ShouldBe(60);
        _cli.Server.To("GET").Count().ShouldBe(1);
    }

    [Fact]
    public async Task Without_an_announced_stop_there_is_nothing_to_put_off()
    {
        _cli.Server.On($"GET {Events}", 200, $$"""{"value":[{{Row("n1", "Done", "2026-11-24T18:00:00Z")}}]}""");
        (await _cli.RunAsync("compute", "snooze", "ci1")).ShouldBe(ExitCode.NotFound);
        _cli.Error.ShouldContain("No stop of ci1 is announced just now");
        (await _cli.RunAsync("compute", "snooze", "ci1", "--minutes", "20")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("15, 30, 60 or 120");
    }

    public void Dispose() => _cli.Dispose();

    private static string Row(string name, string state, string fireAt) => $$$"""
        {"id":"{{{Events}}}/{{{name}}}","name":"{{{name}}}","type":"Microsoft.MachineLearningServices/workspaces/computes/scheduledEvents","properties":{
         "eventType":"ScheduledShutdownPending","state":"{{{state}}}","fireAt":"{{{fireAt}}}","due":"2026-11-25T18:00:00.0000000Z","scheduleId":"s1","reason":"This is the schedule Stop.",
         "evidence":null,"toldAt":"2026-11-25T17:45:00.0000000Z","snoozedMinutes":0,"decidedBy":null,"decidedAt":null,"ending":{{{(state == "Done" ? "\"The instance was stopped.\"" : "null")}}}} }
        """;
}
