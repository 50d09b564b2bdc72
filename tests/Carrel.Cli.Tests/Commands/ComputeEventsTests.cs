using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Carrel.Cli.Events;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class ComputeEventsTests : IDisposable
{
    private const string Log = "/subscriptions/sub1/providers/Microsoft.Insights/eventtypes/management/values";
    private readonly Cli _cli = new();

    private static string Event(string operation, string time) => $$"""
        {"eventTimestamp":"{{time}}","caller":"ada@example.org","level":"Informational","eventDataId":"e1","operationId":"o1","correlationId":"c1","description":"Asked by its owner.",
         "operationName":{"value":"Microsoft.MachineLearningServices/workspaces/computes/{{operation}}","localizedValue":"Microsoft.MachineLearningServices/workspaces/computes/{{operation}}"},
         "status":{"value":"Succeeded","localizedValue":"Succeeded"},"subStatus":{"value":"","localizedValue":""},
         "resourceId":"{{Cli.Workspace}}/computes/ci1","properties":{"cause":"User","statusMessage":"Asked by its owner.","serviceRequestId":"r1"} }
        """;

    private void Answer() => _cli.Server
        .On($"GET {Log}", 200, $$"""{"value":[{{Event("delete", "2026-11-20T08:00:00.5Z")}},{{Event("stop/action", "2026-11-19T08:00:00Z")}}],"nextLink":"https://carrel.test:8443{{Log}}2?api-version=2015-04-01&$skiptoken=x"}""")
        .On($"GET {Log}2", 200, $$"""{"value":[{{Event("write", "2026-11-18T08:00:00Z")}}]}""");

    private string Filter() => Uri.UnescapeDataString(_cli.Server.Seen.Last(request => request.Path == Log).Query);

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task Events_of_all_pages_are_shown(string format)
    {
        Answer();
        (await _cli.RunAsync("compute", "events", "ci1", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"compute-events.{format}", _cli.Out);
        _cli.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_log_alone_is_asked_so_a_deleted_instance_has_its_history_too()
    {
        Answer();
        (await _cli.RunAsync("compute", "events", "ci1")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("GET").ShouldAllBe(request => request.Path.StartsWith(Log, StringComparison.Ordinal));
        _cli.Server.Seen[1].Query.ShouldStartWith("?api-version=2015-04-01&$filter=");
        Filter().ShouldEndWith($"$filter=eventTimestamp ge '2026-08-23T08:00:00Z' and eventTimestamp le '2026-11-21T08:00:00Z' and resourceUri eq '{Cli.Workspace}/computes/ci1'");
    }

    [Theory]
    [InlineData("--offset 1d", "2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z")]
    [InlineData("--start-time 2026-11-01", "2026-11-01T00:00:00Z", "2026-11-21T08:00:00Z")]
    [InlineData("--start-time 2026-11-01T10:30:00+02:00 --offset 1h30m", "2026-11-01T08:30:00Z", "2026-11-01T10:00:00Z")]
    [InlineData("--end-time 2026-11-01T10:30 --offset 30m", "2026-11-01T10:00:00Z", "2026-11-01T10:30:00Z")]
    [InlineData("--start-time 2026-11-01T00:00:00.25Z --end-time 2026-11-02", "2026-11-01T00:00:00.25Z", "2026-11-02T00:00:00Z")]
    [InlineData("--end-time 1970-02-01", "1970-01-01T00:00:00Z", "1970-02-01T00:00:00Z")]
    [InlineData("--start-time 9999-12-31 --offset 99999d", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59.9999999Z")]
    public async Task Times_become_the_filter(string flags, string start, string end)
    {
        Answer();
        (await _cli.RunAsync(["compute", "events", "ci1", .. flags.Split(' ')])).ShouldBe(ExitCode.Ok, _cli.Error);
        Filter().ShouldContain($"eventTimestamp ge '{start}' and eventTimestamp le '{end}'");
    }

    [Theory]
    [InlineData("yesterday", null, null, "--start-time is 'yesterday'")]
    [InlineData("", null, null, "--start-time is ''")]
    [InlineData("2026-13-01", null, null, "--start-time")]
    [InlineData("11/25/2026", null, null, "--start-time")]
    [InlineData(null, "2026-11-01' or 1 eq 1", null, "--end-time")]
    [InlineData(null, null, "", "--offset")]
    [InlineData(null, null, "1w", "--offset")]
    [InlineData(null, null, "-1d", "--offset")]
    [InlineData(null, null, "6h1d", "--offset")]
    [InlineData("2026-11-02", "2026-11-01", null, "ends before it begins")]
    [InlineData("2026-11-01", "2026-11-02", "1d", "beside --start-time or --end-time")]
    public void Times_that_make_no_range_are_refused(string? start, string? end, string? offset, string part)
    {
        var problem = Should.Throw<CliException>(() => TimeRange.Read(start, end, offset, new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero)));
        problem.ExitCode.ShouldBe(ExitCode.Usage);
        problem.Message.ShouldContain(part);
    }

    [Fact]
    public async Task The_newest_are_shown_and_that_there_are_more_is_said()
    {
        Answer();
        (await _cli.RunAsync("compute", "events", "ci1", "--max-events", "1")).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode.Parse(_cli.Out)!.AsArray().ShouldHaveSingleItem()!["operation"]!.ToString().ShouldBe("computes/delete");
        _cli.Error.ShouldContain("there are more");
        _cli.Server.Seen.ShouldNotContain(request => request.Path == Log + "2");
    }

    [Fact]
    public async Task A_name_cannot_leave_its_place_in_the_filter()
    {
        Answer();
        (await _cli.RunAsync("compute", "events", "x' or 'a' eq 'a")).ShouldBe(ExitCode.Ok, _cli.Error);
        Filter().ShouldEndWith("/computes/x'' or ''a'' eq ''a'");
    }

    public void Dispose() => _cli.Dispose();
}
