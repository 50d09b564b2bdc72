using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Store;
using Carrel.TestKit.Engines;
using Dapper;
using NodaTime;

namespace Carrel.Api.Tests.Schedules;

/// <summary>A preview over REST: nothing is saved, and whoever may read may ask.</summary>
public sealed class PreviewApiTests
{
    private const string Nightly = ""","schedules":{"computeStartStop":[{"action":"Stop","triggerType":"Cron","cron":{"expression":"0 18 * * *","timeZone":"W. Europe Standard Time"}}]}""";

    [Fact]
    public async Task Todays_schedules_are_previewed_with_local_times_hours_and_cost()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody("STANDARD_DS3_V2", Nightly));
        Answer answer = await api.PostAsync("desk", "preview", """{"days":3}""");
        answer.Status.ShouldBe(200, answer.Text);
        JsonArray rows = answer.Body["occurrences"]!.AsArray();
        rows.Count.ShouldBe(3);
        rows.Select(row => row!["outcome"]!.GetValue<string>()).ShouldBe(["Stops", "NoOp", "NoOp"]);
        rows.ShouldAllBe(row => row!["local"]!.GetValue<string>().Contains("T18:00:00+0", StringComparison.Ordinal));
        rows.ShouldAllBe(row => row!["timeZone"]!.GetValue<string>() == "W. Europe Standard Time");
        JsonNode expected = answer.Body["expected"]!;
        decimal hours = expected["hours"]!.GetValue<decimal>();
        hours.ShouldBeInRange(0m, 24m);
        expected["hourlyPrice"]!.GetValue<decimal>().ShouldBe(0.29m);
        Math.Abs(expected["cost"]!.GetValue<decimal>() - (hours * 0.29m)).ShouldBeLessThan(0.03m);
        answer.Body["difference"].ShouldBeNull();
        answer.Body["complete"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_change_is_compared_with_today_and_not_saved()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        JsonNode before = await api.RunningAsync("desk", ApiUnderTest.InstanceBody("STANDARD_DS3_V2", Nightly));
        Answer answer = await api.PostAsync("desk", "preview", """
            {"days":2,"schedules":{"computeStartStop":[{"action":"start","triggerType":"cron","cron":{"expression":"0 6 * * *"}},{"action":"stop","triggerType":"cron","cron":{"expression":"0 7 * * *"}}]}}
            """);
        answer.Status.ShouldBe(200, answer.Text);
        JsonNode difference = answer.Body["difference"]!;
        difference["added"]!.GetValue<int>().ShouldBeInRange(3, 4);
        difference["removed"]!.GetValue<int>().ShouldBe(1);
        answer.Body["occurrences"]!.AsArray().Count(row => row!["change"]!.GetValue<string>() == "Removed").ShouldBe(1);
        answer.Body["today"]!["stops"]!.GetValue<int>().ShouldBe(1);
        difference["hours"]!.GetValue<decimal>().ShouldBe(answer.Body["expected"]!["hours"]!.GetValue<decimal>() - answer.Body["today"]!["hours"]!.GetValue<decimal>());
        JsonNode.DeepEquals((await api.GetAsync(ApiUnderTest.Compute("desk"))).Body, before).ShouldBeTrue("a preview saves nothing");
    }

    [Fact]
    public async Task Schedules_that_stay_as_they_are_make_no_difference_also_without_their_ids()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        JsonNode desk = await api.RunningAsync("desk", ApiUnderTest.InstanceBody("STANDARD_DS3_V2", """
            ,"schedules":{"computeStartStop":[{"action":"Stop","triggerType":"Recurrence","recurrence":{"frequency":"Day","interval":2,"timeZone":"Asia/Tokyo"}},
            {"action":"Start","triggerType":"Recurrence","recurrence":{"frequency":"Month","schedule":{"hours":[7],"minutes":[0],"monthDays":[29,-1]}}}]}
            """));
        // The anchor of a trigger without start time is the moment of saving: one of three days ago fires on other days than one of today.
        string saved = DateTimeOffset.UtcNow.AddDays(-3).AddHours(-5).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await api.Get<IDatabase>().WriteAsync((connection, transaction) => connection.Execute(
            "UPDATE instances SET model = json_set(model, '$.schedules[0].triggerSavedOn', @saved), schedules = json_set(schedules, '$[0].triggerSavedOn', @saved)", new { saved }, transaction));
        JsonArray rows = desk["properties"]!["properties"]!["schedules"]!["computeStartStop"]!.DeepClone().AsArray();
        await ShouldBeTheSame(rows);
        foreach (JsonNode? row in rows)
            row!.AsObject().Remove("id");
        rows[1]!["recurrence"]!["schedule"]!.AsObject().Remove("monthDays");
        await ShouldBeTheSame(rows);

        async Task ShouldBeTheSame(JsonArray asked)
        {
            Answer answer = await api.PostAsync("desk", "preview", new JsonObject { ["schedules"] = new JsonObject { ["computeStartStop"] = asked.DeepClone() } }.ToJsonString());
            answer.Status.ShouldBe(200, answer.Text);
            JsonNode difference = answer.Body["difference"]!;
            (difference["hours"]!.GetValue<decimal>(), difference["cost"]!.GetValue<decimal>(), difference["added"]!.GetValue<int>(), difference["removed"]!.GetValue<int>())
                .ShouldBe((0m, 0m, 0, 0), answer.Text);
            answer.Body["occurrences"]!.AsArray().ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_preview_that_ends_early_compares_with_today_up_to_the_same_end_and_says_so()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        Answer answer = await api.PostAsync("desk", "preview", """
            {"schedules":{"computeStartStop":[{"action":"start","triggerType":"cron","cron":{"expression":"* * * * *"}}]}}
            """);
        answer.Status.ShouldBe(200, answer.Text);
        answer.Body["complete"]!.GetValue<bool>().ShouldBeFalse();
        JsonNode difference = answer.Body["difference"]!;
        (difference["hours"]!.GetValue<decimal>(), difference["cost"]!.GetValue<decimal>(), difference["removed"]!.GetValue<int>()).ShouldBe((0m, 0m, 0));
        answer.Body["today"]!["hours"]!.GetValue<decimal>().ShouldBeInRange(33m, 34m);
    }

    [Fact]
    public async Task A_stop_that_was_put_off_is_still_put_off_when_its_schedule_stays()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        DateTimeOffset due = DateTimeOffset.UtcNow.AddMinutes(30);
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody("STANDARD_DS3_V2", $$$"""
            ,"schedules":{"computeStartStop":[{"action":"Stop","triggerType":"Cron","cron":{"expression":"{{{due.Minute}}} {{{due.Hour}}} * * *"}}]}
            """));
        ComputeInstance desk = await api.Get<IEngineStore>().ReadAsync(view => view.FindInstance(EngineUnderTest.Address("desk"))!, TestContext.Current.CancellationToken);
        var at = Instant.FromDateTimeOffset(new DateTimeOffset(due.Year, due.Month, due.Day, due.Hour, due.Minute, 0, TimeSpan.Zero));
        await api.Get<IEngineStore>().WriteAsync(transaction => transaction.Insert(new StopNotice(
            Guid.NewGuid(), desk.Uid, NoticeKind.ScheduledShutdownPending, desk.Model.Schedules[0].Id, at, at + Duration.FromHours(1), NoticeState.Snoozed, "why", at)));
        Answer answer = await api.PostAsync("desk", "preview", $$$"""
            {"days":1,"schedules":{"computeStartStop":[{"action":"Stop","triggerType":"Cron","cron":{"expression":"{{{due.Minute}}} {{{due.Hour}}} * * *"}},{"action":"Stop","status":"Disabled","triggerType":"Cron","cron":{"expression":"0 0 * * *"}}]}}
            """);
        answer.Status.ShouldBe(200, answer.Text);
        JsonNode row = answer.Body["occurrences"]!.AsArray().First()!;
        (row["snoozed"]!.GetValue<bool>(), row["change"]!.GetValue<string>()).ShouldBe((true, "None"), answer.Text);
        (answer.Body["difference"]!["added"]!.GetValue<int>(), answer.Body["difference"]!["removed"]!.GetValue<int>()).ShouldBe((0, 0), answer.Text);
    }

    [Theory]
    [InlineData("""{"days":0}""", "InvalidRequestBody", "days")]
    [InlineData("""{"days":367}""", "InvalidRequestBody", "days")]
    [InlineData("""{"days":"31"}""", "InvalidRequestBody", "days")]
    [InlineData("""{"days":1.5}""", "InvalidRequestBody", "days")]
    [InlineData("""{"schedules":[]}""", "InvalidRequestBody", "schedules")]
    [InlineData("""{"schedules":{}}""", "InvalidRequestBody", "schedules.computeStartStop")]
    [InlineData("""{"schedules":{"computeStartStop":[null]}}""", "InvalidRequestBody", "schedules.computeStartStop[0]")]
    [InlineData("""{"schedules":{"computeStartStop":[{"action":"Stop","triggerType":"Cron","cron":{"expression":"x"}}]}}""", "InvalidSchedule", "schedules.computeStartStop[0].cron.expression")]
    [InlineData("""{"schedules":{"computeStartStop":[{},{},{},{},{}]}}""", "TooManySchedules", "schedules.computeStartStop")]
    public async Task What_could_not_be_saved_cannot_be_previewed(string body, string code, string target)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        Answer answer = await api.PostAsync("desk", "preview", body);
        (answer.Status, answer.Code, answer.Target).ShouldBe((400, code, target));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    public async Task Schedules_of_a_wrong_type_are_named_and_not_the_body(string schedules)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        Answer answer = await api.PostAsync("desk", "preview", "{\"schedules\":" + schedules + "}");
        (answer.Status, answer.Target, answer.Body["error"]!["message"]!.GetValue<string>()).ShouldBe((400, "schedules", "'schedules' must be a JSON object of valid Unicode text."));
    }

    [Fact]
    public async Task A_stored_schedule_that_cannot_be_read_is_shown_as_such_beside_the_others_and_harms_no_call()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody("STANDARD_DS3_V2", """
            ,"schedules":{"computeStartStop":[{"action":"Stop","triggerType":"Cron","cron":{"expression":"0 18 * * *","timeZone":"W. Europe Standard Time"}},{"action":"Start","triggerType":"Cron","cron":{"expression":"0 8 * * *"}}]}
            """));
        await api.Get<IDatabase>().WriteAsync((connection, transaction) =>
            connection.Execute("UPDATE instances SET model = replace(model, 'W. Europe', 'Atlantis'), schedules = replace(schedules, 'W. Europe', 'Atlantis')", null, transaction));
        Answer answer = await api.PostAsync("desk", "preview", """{"days":3}""");
        answer.Status.ShouldBe(200, answer.Text);
        JsonNode unreadable = answer.Body["unreadable"]!.AsArray().Single()!;
        unreadable["action"]!.GetValue<string>().ShouldBe("Stop");
        unreadable["message"]!.GetValue<string>().ShouldContain("updateSchedules");
        answer.Body["occurrences"]!.AsArray().Count.ShouldBe(3);
        (await api.GetAsync(ApiUnderTest.Compute("desk") + "/explain")).Status.ShouldBe(200);
        (await api.GetAsync(ApiUnderTest.Compute("desk"))).Status.ShouldBe(200);
        (await api.PostAsync("desk", "updateSchedules", """{"computeStartStop":[]}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Who_may_read_the_instance_may_ask_and_nobody_else()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        (await api.PostAsync("desk", "preview", "{}", "bob")).Status.ShouldBe(403);
        api.Roles.Granted.Add("Microsoft.MachineLearningServices/workspaces/computes/read");
        (await api.PostAsync("desk", "preview", "{}", "bob")).Status.ShouldBe(200);
        (await api.PostAsync("nobody", "preview", "{}", "bob")).Status.ShouldBe(404);
    }
}
