using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class ComputePreviewTests : IDisposable
{
    private const string Preview = "POST " + Cli.Workspace + "/computes/ci1/preview";
    private const string Instance = "GET " + Cli.Workspace + "/computes/ci1";

    /// <summary>Schedules with parts that a file has no words for, or that come of the moment they were saved in.</summary>
    private const string Stored = """
        [{"id":"s1","provisioningStatus":"Completed","status":"Enabled","action":"Stop","triggerType":"Cron","cron":{"timeZone":"UTC","triggerType":"Cron","expression":"0 18 * * *"}},
         {"id":"s2","provisioningStatus":"Completed","status":"Enabled","action":"Stop","triggerType":"Recurrence","recurrence":{"timeZone":"UTC","triggerType":"Recurrence","frequency":"Day","interval":2,"schedule":{"hours":[],"minutes":[],"weekDays":[],"monthDays":[]}}},
         {"id":"s3","provisioningStatus":"Completed","status":"Enabled","action":"Start","triggerType":"Recurrence","recurrence":{"timeZone":"UTC","triggerType":"Recurrence","frequency":"Month","interval":1,"schedule":{"hours":[8],"minutes":[0],"weekDays":[],"monthDays":[29,-1]}}}]
        """;

    private readonly Cli _cli = new();

    public ComputePreviewTests() => _cli.Server.On(Instance, 200, Cli.Compute("ci1", innerExtra: $",\"schedules\":{{\"computeStartStop\":{Stored}}}"));

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    [InlineData("tsv")]
    public async Task A_preview_shows_local_times_marks_changes_hours_and_cost(string format)
    {
        _cli.Server.On(Preview, 200, """
            {"from":"2026-03-27T12:00:00.0000000Z","to":"2026-04-27T12:00:00.0000000Z","complete":true,"idleTimeBeforeShutdown":"PT60M","occurrences":[
             {"at":"2026-03-28T17:00:00.0000000Z","local":"2026-03-28T18:00:00+01:00","timeZone":"W. Europe Standard Time","action":"Stop","scheduleId":"s1","outcome":"Stops","clockChange":null,"snoozed":false,"change":"Added"},
             {"at":"2026-03-29T01:30:00.0000000Z","local":"2026-03-29T03:30:00+02:00","timeZone":"W. Europe Standard Time","action":"Start","scheduleId":"s2","outcome":"Starts","clockChange":"Shifted","snoozed":false,"change":"None"},
             {"at":"2026-03-29T16:00:00.0000000Z","local":"2026-03-29T18:00:00+02:00","timeZone":"W. Europe Standard Time","action":"Stop","scheduleId":"s1","outcome":"Stops","clockChange":"OffsetChanged","snoozed":true,"change":"None"},
             {"at":"2026-03-29T16:00:00.0000000Z","local":"2026-03-29T18:00:00+02:00","timeZone":"W. Europe Standard Time","action":"Start","scheduleId":"s3","outcome":"Conflict","clockChange":null,"snoozed":false,"change":"None"},
             {"at":"2026-03-30T18:00:00.0000000Z","local":"2026-03-30T20:00:00+02:00","timeZone":"W. Europe Standard Time","action":"Stop","scheduleId":"s4","outcome":"Stops","clockChange":null,"snoozed":false,"change":"Removed"}],
             "expected":{"hours":43.5,"cost":12.75,"currency":"USD","hourlyPrice":0.293,"starts":1,"stops":2,"conflicts":1},
             "today":{"hours":80.0,"cost":23.44,"currency":"USD","hourlyPrice":0.293,"starts":1,"stops":1,"conflicts":0},
             "difference":{"hours":-36.5,"cost":-10.69,"added":1,"removed":1},
             "unreadable":[{"scheduleId":"s9","action":"Start","message":"This stored schedule cannot be read and does not fire."}]}
            """);
        (await _cli.RunAsync("compute", "preview", "ci1", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"compute-preview.{format}", _cli.Out);
        JsonNode sent = _cli.Server.To("POST").Single().Json;
        sent["days"]!.GetValue<int>().ShouldBe(31);
        sent["schedules"].ShouldBeNull();
    }

    [Fact]
    public async Task The_schedules_of_a_file_are_sent_as_an_update_would_send_them()
    {
        Answer();
        string file = Path.Combine(_cli.Folder, "changed.yml");
        await File.WriteAllTextAsync(file, """
            size: STANDARD_DS3_V2
            schedules:
              compute_start_stop:
                - action: stop
                  trigger:
                    type: cron
                    expression: 0 20 * * *
                    time_zone: W. Europe Standard Time
            """, TestContext.Current.CancellationToken);
        (await _cli.RunAsync("compute", "preview", "ci1", "--days", "7", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode sent = _cli.Server.To("POST").Single().Json;
        sent["days"]!.GetValue<int>().ShouldBe(7);
        JsonNode row = sent["schedules"]!["computeStartStop"]!.AsArray().Single()!;
        row["action"]!.GetValue<string>().ShouldBe("Stop");
        row["cron"]!["expression"]!.GetValue<string>().ShouldBe("0 20 * * *");
    }

    [Fact]
    public async Task A_preview_that_ends_early_says_where()
    {
        _cli.Server.On(Preview, 200, """
            {"from":"2026-03-27T12:00:00Z","to":"2026-03-28T21:20:00Z","complete":false,"idleTimeBeforeShutdown":null,"occurrences":[],
             "expected":{"hours":33.3,"cost":null,"currency":"USD","hourlyPrice":null,"starts":0,"stops":0,"conflicts":0},
             "today":{"hours":33.3,"cost":null,"currency":"USD","hourlyPrice":null,"starts":0,"stops":0,"conflicts":0},
             "difference":{"hours":0.0,"cost":null,"added":0,"removed":0}}
            """);
        (await _cli.RunAsync("compute", "preview", "ci1", "-o", "table")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldContain("the preview, and what it is compared with, end at 2026-03-28T21:20:00Z.");
        _cli.Out.ShouldContain("Difference: 0.0 hours, 0 added, 0 removed.");
    }

    [Fact]
    public async Task What_show_printed_is_previewed_as_the_very_schedules_that_are_stored()
    {
        Answer();
        (await _cli.RunAsync("compute", "show", "ci1", "-o", "yaml")).ShouldBe(ExitCode.Ok, _cli.Error);
        string file = _cli.Write("shown.yml", _cli.Out);
        (await _cli.RunAsync("compute", "preview", "ci1", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode sent = _cli.Server.To("POST").Single().Json["schedules"]!["computeStartStop"]!;
        JsonNode.DeepEquals(sent, JsonNode.Parse(Stored)).ShouldBeTrue(sent.ToJsonString());
    }

    [Fact]
    public async Task A_preview_sends_what_an_update_with_the_same_file_puts()
    {
        Answer();
        _cli.Server.On("PUT " + Cli.Workspace + "/computes/ci1", 200, Cli.Compute("ci1"));
        (await _cli.RunAsync("compute", "show", "ci1", "-o", "yaml")).ShouldBe(ExitCode.Ok, _cli.Error);
        string file = _cli.Write("changed.yml", _cli.Out.Replace("0 18 * * *", "0 20 * * *", StringComparison.Ordinal));
        (await _cli.RunAsync("compute", "preview", "ci1", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync("compute", "update", "ci1", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode asked = _cli.Server.To("POST").Single().Json["schedules"]!;
        JsonNode.DeepEquals(asked, _cli.Server.To("PUT").Single().Json["properties"]!["properties"]!["schedules"]).ShouldBeTrue(asked.ToJsonString());
        asked["computeStartStop"]!.AsArray().Select(row => row!["id"]?.ToString()).ShouldBe([null, "s2", "s3"]);
    }

    [Fact]
    public async Task A_file_that_an_update_would_refuse_is_refused()
    {
        Answer();
        string file = _cli.Write("changed.yml", "size: STANDARD_D2_V2\nschedules:\n  compute_start_stop: []\n");
        (await _cli.RunAsync("compute", "preview", "ci1", "-f", file)).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("An update with this file would change nothing, because this cannot change on an existing instance:\n  size: ");
        _cli.Server.To("POST").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_list_takes_all_schedules_away_and_a_file_without_the_key_is_pointed_out()
    {
        Answer();
        string file = Path.Combine(_cli.Folder, "changed.yml");
        await File.WriteAllTextAsync(file, "schedules:\n  compute_start_stop: []\n", TestContext.Current.CancellationToken);
        (await _cli.RunAsync("compute", "preview", "ci1", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Json["schedules"]!["computeStartStop"]!.AsArray().ShouldBeEmpty();
        await File.WriteAllTextAsync(file, "description: x\n", TestContext.Current.CancellationToken);
        (await _cli.RunAsync("compute", "preview", "ci1", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Error.ShouldContain("no key 'schedules'");
        _cli.Server.To("POST").Last().Json["schedules"].ShouldBeNull();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("367")]
    public async Task Days_out_of_range_are_refused_before_anything_is_sent(string days)
    {
        (await _cli.RunAsync("compute", "preview", "ci1", "--days", days)).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("--days must be 1 to 366");
        _cli.Server.Seen.ShouldBeEmpty();
    }

    public void Dispose() => _cli.Dispose();

    private void Answer() => _cli.Server.On(Preview, 200, """
        {"from":"2026-03-27T12:00:00Z","to":"2026-03-28T12:00:00Z","complete":true,"idleTimeBeforeShutdown":null,"occurrences":[],"expected":{"hours":0,"cost":null,"currency":"USD","hourlyPrice":null,"starts":0,"stops":0,"conflicts":0}}
        """);
}
