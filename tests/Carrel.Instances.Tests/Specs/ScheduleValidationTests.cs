using System.Text.Json.Nodes;
using Carrel.Instances.Specs;
using Carrel.Instances.Tests.Examples;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

public sealed class ScheduleValidationTests
{
    public static TheoryData<string> Vectors => [.. All().Select(vector => (string)vector["id"]!)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Statement_3_T1_a_vector_is_accepted_or_refused_as_published(string id)
    {
        var vector = All().Single(v => (string)v["id"]! == id);
        var kind = (string)vector["kind"]!;
        var isCron = kind.StartsWith("cron", StringComparison.Ordinal);
        var item = new JsonObject
        {
            ["action"] = "Stop",
            ["triggerType"] = isCron ? "Cron" : "Recurrence",
            [isCron ? "cron" : "recurrence"] = vector["trigger"]!.DeepClone(),
        };
        var problems = Problems(item.ToJsonString());
        if (kind.EndsWith("-invalid", StringComparison.Ordinal))
        {
            problems.ShouldNotBeEmpty();
            problems.ShouldAllBe(p => p.Code == FindingCodes.InvalidSchedule);
        }
        else
        {
            problems.ShouldBeEmpty();
        }
    }

    [Fact(DisplayName = "3.T20, 1.T30 The bodies of the python client become canonical")]
    public void Statement_3_T20_and_1_T30_the_bodies_of_the_python_client_become_canonical()
    {
        var model = Samples.Model("""
            {"schedules":{"computeStartStop":[
              {"status":"disabled","action":"stop","triggerType":"recurrence","recurrence":{"startTime":"2026-11-20T06:00:00","timeZone":"eastern standard time",
               "triggerType":"Recurrence","frequency":"week","interval":1,"schedule":{"hours":18,"minutes":[0,30],"weekDays":["monday","friday"]}}},
              {"action":"start","triggerType":"Cron","cron":{"timeZone":"Europe/Berlin","triggerType":"Cron","expression":" 15  10 * * mon-fri "}}]}}
            """);
        model.Schedules[0].ShouldSatisfyAllConditions(
            s => s.Status.ShouldBe(ScheduleStatus.Disabled),
            s => s.Action.ShouldBe(ScheduleAction.Stop),
            s => s.Recurrence!.Frequency.ShouldBe(RecurrenceFrequency.Week),
            s => s.Recurrence!.WeekDays.ShouldBe([DayOfWeek.Monday, DayOfWeek.Friday]),
            s => s.Recurrence!.Hours.ShouldBe([18]),
            s => s.TriggerSavedOn.ShouldBe(Samples.Now),
            s => s.Cron.ShouldBeNull());
        model.Schedules[1].ShouldSatisfyAllConditions(
            s => s.Status.ShouldBe(ScheduleStatus.Enabled),
            s => s.Cron!.Expression.ShouldBe("15 10 * * mon-fri"),
            s => s.Id.ShouldNotBe(model.Schedules[0].Id));
    }

    [Fact]
    public void Statement_3_T2_four_are_accepted_and_five_are_too_many()
    {
        const string Item = """{"status":"Disabled","action":"Stop","triggerType":"Cron","cron":{"expression":"0 18 * * *"}}""";
        Problems(string.Join(',', Enumerable.Repeat(Item, 4))).ShouldBeEmpty();
        Problems(string.Join(',', Enumerable.Repeat(Item, 5))).ShouldBe([(FindingCodes.TooManySchedules, "properties.properties.schedules.computeStartStop")]);
    }

    [Theory]
    [InlineData("""{"triggerType":"Cron","action":"Stop","recurrence":{"frequency":"Day"}}""", "cron")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"0 0 * * 7"}}""", "cron.expression")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"@daily"}}""", "cron.expression")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"0 0 30 2 *"}}""", "cron.expression")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{}}""", "cron.expression")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"0 0 * * *","timeZone":"PST"}}""", "cron.timeZone")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"0 0 * * *","startTime":"2026-11-20T06:00:00+01:00"}}""", "cron.startTime")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"0 0 * * *","startTime":"2099-11-20T06:00:00"}}""", "cron.startTime")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"0 0 * * *","startTime":"2026-11-26T24:00:00"}}""", "cron.startTime")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"0 0 * * *","endTime":"2026-11-26T24:00Z"}}""", "cron.endTime")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","cron":{"expression":"0 0 * * *","weekDays":["Monday"]}}""", "cron.weekDays")]
    [InlineData("""{"triggerType":"Recurrence","action":"Stop","recurrence":{"frequency":"Week","weekDays":["Monday"]}}""", "recurrence.weekDays")]
    [InlineData("""{"triggerType":"Recurrence","action":"Stop","recurrence":{"frequency":"Day","Hours":18}}""", "recurrence.hours")]
    [InlineData("""{"triggerType":"Recurrence","action":"Stop","recurrence":{"frequency":"Month"},"monthDays":[1]}""", "monthDays")]
    [InlineData("""{"triggerType":"Cron","cron":{"expression":"0 0 * * *"}}""", "action")]
    [InlineData("""{"triggerType":"Cron","action":"0","cron":{"expression":"0 0 * * *"}}""", "action")]
    [InlineData("""{"triggerType":"Cron","action":"Stop","status":"on","cron":{"expression":"0 0 * * *"}}""", "status")]
    [InlineData("""{"action":"Stop","cron":{"expression":"0 0 * * *"}}""", "triggerType")]
    [InlineData("""{"triggerType":"Recurrence","action":"Stop","recurrence":{"frequency":"Month","schedule":{"monthlyOccurrences":[{"day":"Friday","occurrence":6}]}}}""", "recurrence.schedule.monthlyOccurrences")]
    [InlineData("""{"triggerType":"Recurrence","action":"Stop","recurrence":{"frequency":"Week","schedule":{"weekDays":["Moonday"]}}}""", "recurrence.schedule.weekDays")]
    public void A_bad_schedule_is_refused_at_its_place(string item, string target) =>
        Problems(item).ShouldBe([(FindingCodes.InvalidSchedule, "properties.properties.schedules.computeStartStop[0]." + target)]);

    [Theory]
    [InlineData("pacific standard time")]
    [InlineData("Europe/Berlin")]
    [InlineData("UTC")]
    [InlineData("W. Europe Standard Time")]
    public void Statement_3_T17_windows_and_iana_zones_are_known_in_any_case(string zone) =>
        Problems("{\"triggerType\":\"Cron\",\"action\":\"Stop\",\"cron\":{\"expression\":\"0 0 * * *\",\"timeZone\":\"" + zone + "\"}}").ShouldBeEmpty();

    [Fact]
    public void Statement_3_T19_provisionStopped_needs_an_enabled_start()
    {
        static string Body(string status) =>
            "{\"provisionStopped\":true,\"schedules\":{\"computeStartStop\":[{\"status\":\"" + status
            + "\",\"action\":\"Start\",\"triggerType\":\"Cron\",\"cron\":{\"expression\":\"0 8 * * *\"}}]}}";
        Samples.Problems(Body("Enabled")).ShouldBeEmpty();
        Samples.Problems(Body("Disabled")).ShouldHaveSingleItem().Target.ShouldEndWith("provisionStopped");
    }

    [Fact]
    public void A_list_at_the_wrong_place_is_told_its_right_one_and_an_empty_one_is_none()
    {
        Samples.Problems("""{"schedules":{"computeStartStop":[{"triggerType":"Recurrence","action":"Stop","recurrence":{"frequency":"Day","hours":[],"minutes":null}}]}}""").ShouldBeEmpty();
        Samples.Decide(Samples.Body("""{"schedules":{"computeStartStop":[{"triggerType":"Recurrence","action":"Stop","recurrence":{"frequency":"Day","minutes":[5]}}]}}""")).Findings.ShouldHaveSingleItem()
            .Message.ShouldBe("'recurrence.minutes' has no effect: write it into 'recurrence.schedule', as 'recurrence.schedule.minutes'.");
    }

    [Theory]
    [InlineData("0 0 * * FRI-MON", "'FRI-MON' in the day of week field of a cron expression runs backwards, and a range must not: write 'FRI-SAT,SUN-MON'.")]
    [InlineData("0 0 * Nov-2 *", "'Nov-2' in the month field of a cron expression runs backwards, and a range must not: write 'Nov-DEC,JAN-2'.")]
    [InlineData("0,50-10 * * * *", "'50-10' in the minute field of a cron expression runs backwards, and a range must not: write '50-59,0-10'.")]
    [InlineData("0 22-4/2 * * *", "'22-4/2' in the hour field of a cron expression runs backwards, and a range must not: begin with the smaller value.")]
    [InlineData("0 0 * * MON,FRY", "'FRY' in the day of week field of a cron expression is not understood: it takes *, numbers 0 to 6, ranges a-b, steps /n and comma lists, and the names SUN to SAT.")]
    [InlineData("0 0 1,,2 * *", "'' in the day of month field of a cron expression is not understood: it takes *, numbers 1 to 31, ranges a-b, steps /n and comma lists.")]
    public void What_is_wrong_in_a_cron_expression_is_named(string expression, string message) =>
        Samples.Decide(Samples.Body("{\"schedules\":{\"computeStartStop\":[{\"triggerType\":\"Cron\",\"action\":\"Stop\",\"cron\":{\"expression\":\"" + expression + "\"}}]}}"))
            .Findings.ShouldHaveSingleItem().Message.ShouldBe(message);

    private static IEnumerable<JsonObject> All() => Example.Load("ScheduleVectors.json")["vectors"]!.AsArray().Select(v => v!.AsObject());

    private static List<(string Code, string Target)> Problems(string items) =>
        Samples.Problems("{\"schedules\":{\"computeStartStop\":[" + items + "]}}");
}
