using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;

namespace Carrel.Api.Tests.Schedules;

/// <summary>Schedules in bodies of instances, as the contract's section 3 states.</summary>
public sealed class ScheduleStatementsTests
{
    private const string Stop = """{"action":"Stop","triggerType":"Cron","cron":{"expression":"0 18 * * *"}}""";
    private const string Disabled = """{"status":"Disabled","action":"Start","triggerType":"Cron","cron":{"expression":"0 8 * * *"}}""";

    [Fact(DisplayName = "3.T2 Five schedules are refused, four accepted, a disabled one counted")]
    public async Task Four_schedules_are_the_most()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer five = await api.PutAsync(ApiUnderTest.Compute("five"), Body(Stop, Stop, Stop, Stop, Disabled));
        (five.Status, five.Code).ShouldBe((400, "TooManySchedules"));
        (await api.PutAsync(ApiUnderTest.Compute("four"), Body(Stop, Stop, Stop, Disabled))).Status.ShouldBe(201);
        (await api.PutAsync(ApiUnderTest.Compute("all-on"), Body(Stop, Stop, Stop, Stop))).Status.ShouldBe(201);
    }

    [Fact(DisplayName = "3.T8 triggerType Cron with a recurrence and no cron is refused")]
    public async Task A_trigger_that_is_not_of_its_type_is_refused()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await api.PutAsync(ApiUnderTest.Compute("desk"), Body("""{"action":"Stop","triggerType":"Cron","recurrence":{"frequency":"Day","interval":1}}"""));
        (answer.Status, answer.Code).ShouldBe((400, "InvalidSchedule"));
        answer.Target!.ShouldContain("computeStartStop[0]");
    }

    [Fact(DisplayName = "3.T13 POST updateSchedules with an empty list removes all and answers 200")]
    public async Task An_empty_list_removes_all()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk", Body(Stop, Disabled));
        (await api.PostAsync("desk", "updateSchedules", """{"computeStartStop":[]}""")).Status.ShouldBe(200);
        Inner(await api.GetAsync(ApiUnderTest.Compute("desk")))["schedules"]?["computeStartStop"]?.AsArray().Count.ShouldBe(0);
    }

    [Fact(DisplayName = "3.T14 An item of an answer has an id and provisioningStatus Completed")]
    public async Task An_item_has_an_id_and_is_completed()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk", Body(Stop));
        JsonNode item = Inner(await api.GetAsync(ApiUnderTest.Compute("desk")))["schedules"]!["computeStartStop"]![0]!;
        Guid.Parse(item["id"]!.GetValue<string>()).ShouldNotBe(Guid.Empty);
        item["provisioningStatus"]!.GetValue<string>().ShouldBe("Completed");
    }

    [Fact(DisplayName = "3.T19 provisionStopped without an enabled Start is refused, and in an update it is not applied")]
    public async Task To_be_made_stopped_it_needs_an_enabled_start()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        foreach (string schedules in new[] { "", Schedules(Stop), Schedules(Disabled) })
        {
            Answer refused = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(inner: ",\"provisionStopped\":true" + schedules));
            (refused.Status, refused.Code, refused.Target).ShouldBe((400, "InvalidSchedule", "properties.properties.provisionStopped"), schedules);
        }

        Answer made = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(inner: ",\"provisionStopped\":true" + Schedules(Disabled.Replace("Disabled", "Enabled", StringComparison.Ordinal))));
        made.Status.ShouldBe(201, made.Text);
        (await api.EndAsync(made))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        Answer got = await api.GetAsync(ApiUnderTest.Compute("desk"));
        Inner(got)["state"]!.GetValue<string>().ShouldBe("Stopped");
        got.Body["properties"]!["provisioningState"]!.GetValue<string>().ShouldBe("Succeeded");
        Inner(got)["provisionStopped"].ShouldBeNull("it is write-only");

        await api.RunningAsync("other");
        Answer updated = await api.PutAsync(ApiUnderTest.Compute("other"), ApiUnderTest.InstanceBody(inner: ",\"provisionStopped\":true"));
        updated.Status.ShouldBe(200, updated.Text);
        updated.Headers["Warning"].ShouldContain("provisionStopped");
        Inner(await api.GetAsync(ApiUnderTest.Compute("other")))["state"]!.GetValue<string>().ShouldBe("Running");
    }

    [Fact(DisplayName = "3.T21 A daily recurrence without schedule is answered with one")]
    public async Task A_recurrence_is_answered_with_a_schedule()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), Body("""{"action":"Stop","triggerType":"Recurrence","recurrence":{"frequency":"Day","interval":1}}"""));
        put.Status.ShouldBe(201, put.Text);
        JsonObject schedule = Inner(put)["schedules"]!["computeStartStop"]![0]!["recurrence"]!["schedule"]!.AsObject();
        schedule["hours"]!.AsArray().ShouldBeEmpty();
        schedule["minutes"]!.AsArray().ShouldBeEmpty();
    }

    private static string Body(params string[] schedules) => ApiUnderTest.InstanceBody(inner: Schedules(schedules));

    private static string Schedules(params string[] schedules) => $$""","schedules":{"computeStartStop":[{{string.Join(',', schedules)}}]}""";

    private static JsonNode Inner(Answer answer) => answer.Body["properties"]!["properties"]!;
}
