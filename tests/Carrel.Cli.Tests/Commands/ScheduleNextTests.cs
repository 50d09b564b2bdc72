using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

/// <summary><c>carrel schedule next</c>: no server, no settings, no sign-in.</summary>
public sealed class ScheduleNextTests : IDisposable
{
    private readonly Cli _cli = new(signedIn: false);

    public ScheduleNextTests() => _cli.Environment.Clear();

    [Fact(DisplayName = "3.T18 A cron expression is tried over the change of clocks")]
    public async Task A_cron_expression_is_tried_over_the_change_of_clocks()
    {
        (await RunAsync("--cron", "30 2 * * *", "--time-zone", "Pacific Standard Time", "--after", "2026-03-07T00:00:00Z", "--count", "3")).ShouldBe(ExitCode.Ok);
        JsonNode.DeepEquals(JsonNode.Parse(_cli.Out), JsonNode.Parse("""
            {"timeZone":"America/Los_Angeles",
             "occurrences":["2026-03-07T10:30:00Z","2026-03-08T10:30:00Z","2026-03-09T09:30:00Z"],
             "localTimes":["2026-03-07T02:30:00-08:00","2026-03-08T03:30:00-07:00","2026-03-09T02:30:00-07:00"]}
            """)).ShouldBeTrue(_cli.Out);
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_recurrence_as_table_with_flags_that_win()
    {
        (await RunAsync(
            "--recurrence", """{"frequency":"week","timeZone":"UTC","schedule":{"weekDays":"friday","hours":[18],"minutes":[0]}}""", "--time-zone", "europe/berlin",
            "--start-time", "2026-03-26T00:00:00", "--end-time", "2026-04-04T00:00:00", "--after", "2026-01-01T00:00:00Z", "-o", "table")).ShouldBe(ExitCode.Ok);
        _cli.Out.ShouldBe("""
            UTC                   Local
            --------------------  -------------------------
            2026-03-27T17:00:00Z  2026-03-27T18:00:00+01:00
            2026-04-03T16:00:00Z  2026-04-03T18:00:00+02:00

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Without_after_the_clock_counts()
    {
        (await RunAsync("--cron", "0 18 * * *", "--count", "1")).ShouldBe(ExitCode.Ok);
        JsonNode.Parse(_cli.Out)!["occurrences"]!.AsArray().Select(at => (string)at!).ShouldBe(["2026-11-21T18:00:00Z"]);
    }

    [Fact(DisplayName = "3.T1 A file of all vectors is answered as published")]
    public async Task A_file_of_all_vectors_is_answered_as_published()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "ScheduleVectors.json");
        (await RunAsync("-f", path, "-o", "json")).ShouldBe(ExitCode.Ok);
        var results = JsonNode.Parse(_cli.Out)!["results"]!.AsArray();
        var vectors = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!["vectors"]!.AsArray();
        results.Count.ShouldBe(61);
        foreach (var (vector, result) in vectors.Zip(results))
        {
            ((string?)result!["id"]).ShouldBe((string?)vector!["id"]);
            if (vector["expect"] is { } expected)
                JsonNode.DeepEquals(result["occurrences"], expected).ShouldBeTrue(result.ToJsonString());
            else
                ((string?)result["error"]!["code"]).ShouldBe("InvalidSchedule");
            result.AsObject().Count.ShouldBe(2);
        }
    }

    [Fact]
    public async Task What_is_wrong_in_a_file_is_said_beside_the_other_answers()
    {
        var file = _cli.Write("trials.json", """
            {"vectors":[
              {"id":"good","trigger":{"expression":"0 18 * * *"},"after":"2026-01-01T00:00:00Z","count":1},
              {"id":"plain","trigger":{"frequency":"Day","startTime":"2026-01-01T07:00:00"},"after":"2026-01-01T00:00:00Z","count":1},
              {"id":"words","kind":"cron","trigger":{"expression":"0 25 * * *","timeZone":"PST"}},
              {"id":"types","kind":"recurrence","trigger":{"frequency":"Day","schedule":{"hours":"x"}},"after":7,"count":"many"},
              {"id":"kind","kind":"lunar","trigger":{}},
              {"id":7,"kind":"cron","trigger":[]},
              "text", null]}
            """);
        (await RunAsync("-f", file)).ShouldBe(ExitCode.Ok);
        var results = JsonNode.Parse(_cli.Out)!["results"]!.AsArray();
        results.Select(result => (string?)result!["error"]?["code"]).ShouldBe(
            [null, null, "InvalidSchedule", "InvalidRequestBody", "InvalidRequestBody", "InvalidRequestBody", "InvalidRequestBody", "InvalidRequestBody"]);
        results.Take(7).Select(result => result!["id"]?.ToJsonString()).ShouldBe(["\"good\"", "\"plain\"", "\"words\"", "\"types\"", "\"kind\"", "7", null]);
        ((string)results[1]!["occurrences"]![0]!).ShouldBe("2026-01-01T07:00:00Z");
        ((string)results[2]!["error"]!["message"]!).ShouldSatisfyAllConditions(text => text.ShouldContain("PST"), text => text.ShouldContain("hour field"));
    }

    [Theory]
    [InlineData("--cron|0 0 * * 7", "(InvalidSchedule) '7' in the day of week field")]
    [InlineData("--cron|0 22-4,25-x * * *", "(InvalidSchedule) '22-4' in the hour field of a cron expression runs backwards, and a range must not: write '22-23,0-4'.")]
    [InlineData("--cron|0 0 30 2 *", "matches no date within 8 years")]
    [InlineData("--cron|0 0 * * *|--time-zone|PST", "cron.timeZone")]
    [InlineData("--cron|0 0 * * *|--start-time|2026-01-01T00:00:00+01:00", "cron.startTime")]
    [InlineData("--cron|0 0 * * *|--after|yesterday", "--after")]
    [InlineData("--cron|0 0 * * *|--after|9999-12-31T23:59:59Z", "1900 to 8999")]
    [InlineData("--cron|0 0 * * *|--count|0", "1 to 10000")]
    [InlineData("--cron|0 0 * * *|--count|100000", "1 to 10000")]
    [InlineData("--cron|0 0 * * *|--recurrence|{}", "exactly one")]
    [InlineData("--count|3", "exactly one")]
    [InlineData("--recurrence|{}", "recurrence.frequency")]
    [InlineData("--recurrence|[]", "must be a JSON object")]
    [InlineData("--recurrence|{\"frequency\":", "must be a JSON object")]
    [InlineData("--recurrence|{\"frequency\":\"\\ud800\"}|--time-zone|UTC", "must be a JSON object")]
    [InlineData("--recurrence|{\"frequency\":\"Day\",\"interval\":1e99}", "recurrence.interval")]
    [InlineData("--file|/does/not/exist", "cannot be read")]
    [InlineData("--file|/dev/null", "no valid JSON")]
    [InlineData("--file|/dev/null|--count|3", "does not go with --file")]
    public async Task What_cannot_be_tried_is_refused_with_its_reason(string line, string reason)
    {
        (await RunAsync(line.Split('|'))).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain(reason);
        _cli.Out.ShouldBeEmpty();
    }

    public void Dispose() => _cli.Dispose();

    private Task<int> RunAsync(params string[] arguments) => _cli.RunAsync(["schedule", "next", .. arguments]);
}
