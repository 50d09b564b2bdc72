using System.Text.Json.Nodes;
using Carrel.AgentProtocol;
using Carrel.Api.Tests.Support;

namespace Carrel.Api.Tests.Idle;

/// <summary>Explanations, keep-awake and the idle setting, as clients call them.</summary>
public sealed class IdleApiTests
{
    [Fact(DisplayName = "4.T1, 4.T2: Idle times are read as ISO 8601 within their limits and answered in whole minutes")]
    public async Task Idle_times_are_checked_and_answered_in_minutes()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        foreach (string wrong in new[] { "PT14M", "PT73H", "P4D", "30", "PT30" })
        {
            Answer refused = await api.PostAsync("desk", "updateIdleShutdownSetting", $$"""{"idleTimeBeforeShutdown":"{{wrong}}"}""");
            (refused.Status, refused.Code).ShouldBe((400, "InvalidIdleTime"), wrong);
        }

        foreach ((string sent, string shown) in new[] { ("PT15M", "PT15M"), ("P3D", "PT4320M"), ("PT1H30M", "PT90M"), ("PT30M", "PT30M"), ("PT1H", "PT60M"), ("PT15M30S", "PT16M") })
        {
            (await api.PostAsync("desk", "updateIdleShutdownSetting", $$"""{"idleTimeBeforeShutdown":"{{sent}}"}""")).Status.ShouldBe(200, sent);
            Inner(await api.GetAsync(ApiUnderTest.Compute("desk")))["idleTimeBeforeShutdown"]!.GetValue<string>().ShouldBe(shown, sent);
        }
    }

    [Fact(DisplayName = "4.T12: Who may only read can change neither the idle time nor keep it awake")]
    public async Task A_reader_changes_nothing()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        api.Roles.Granted.Add("Microsoft.MachineLearningServices/workspaces/computes/read");
        foreach ((string call, string body) in new[] { ("updateIdleShutdownSetting", """{"idleTimeBeforeShutdown":"PT30M"}"""), ("keepAwake", """{"minutes":60}""") })
        {
            Answer refused = await api.PostAsync("desk", call, body, who: "bob");
            (refused.Status, refused.Code).ShouldBe((403, "AuthorizationFailed"), call);
        }

        (await api.GetAsync(ApiUnderTest.Compute("desk") + "/explain", "bob")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_owner_reads_names_and_others_read_kinds()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        api.Agents.Activity = _ => new MachineActivity(DateTimeOffset.UnixEpoch, true, null, [new KernelActivity("0123456789", "secret-kernel", "busy", DateTimeOffset.UnixEpoch, 1)], [], 0);
        await api.SampleAsync();
        api.Roles.Granted.Add("Microsoft.MachineLearningServices/workspaces/computes/read");

        JsonNode own = (await api.GetAsync(ApiUnderTest.Compute("desk") + "/explain")).Body;
        own["decision"]!.GetValue<string>().ShouldBe("Active");
        own["reason"]!.GetValue<string>().ShouldBe("In use: a busy kernel.");
        own["signals"]![0]!["name"]!.GetValue<string>().ShouldContain("secret-kernel");
        Answer other = await api.GetAsync(ApiUnderTest.Compute("desk") + "/explain", "bob");
        other.Body["signals"]![0]!["kind"]!.GetValue<string>().ShouldBe("Kernel");
        other.Text.ShouldNotContain("secret-kernel");
        other.Text.ShouldNotContain("01234567");
    }

    [Fact]
    public async Task Keep_awake_answers_until_when_and_shows_in_the_explanation()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        Answer kept = await api.PostAsync("desk", "keepAwake", """{"minutes":120}""");
        kept.Status.ShouldBe(200);
        kept.Body["keepAwakeUntil"]!.GetValue<string>().ShouldEndWith("Z");
        JsonNode explained = (await api.GetAsync(ApiUnderTest.Compute("desk") + "/explain")).Body;
        (explained["keepAwakeUntil"]!.GetValue<string>(), explained["keepAwakeBy"]!.GetValue<string>()).ShouldBe((kept.Body["keepAwakeUntil"]!.GetValue<string>(), "ann@contoso.com"));

        (await api.PostAsync("desk", "keepAwake", """{"minutes":0}""")).Body["keepAwakeUntil"].ShouldBeNull();
        (await api.PostAsync("desk", "keepAwake", """{"minutes":0.5}""")).Status.ShouldBe(400);
        (await api.PostAsync("none", "keepAwake", """{"minutes":5}""")).Status.ShouldBe(404);
        (await api.GetAsync(ApiUnderTest.Compute("none") + "/explain")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Keep_awake_tells_of_a_scheduled_stop_that_comes_before_its_end()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody(inner: """
            ,"schedules":{"computeStartStop":[{"action":"Stop","triggerType":"Cron","cron":{"expression":"0 */6 * * *"}}]}
            """));
        (await api.PostAsync("desk", "keepAwake", """{"minutes":2880}""")).Body["scheduledStop"]!.GetValue<string>().ShouldMatch("T(00|06|12|18):00:00");
        await api.PostAsync("desk", "updateSchedules", """{"computeStartStop":[]}""");
        (await api.PostAsync("desk", "keepAwake", """{"minutes":2880}""")).Body["scheduledStop"].ShouldBeNull();
    }

    [Fact]
    public async Task A_workspace_switches_signals_on_by_thresholds_that_make_sense()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        foreach (string wrong in new[] { """{"cpu":5}""", """{"sshSessions":0}""", """{"sshSessions":"1"}""", """{"processorPercent":101}""", """{"gpuPercent":2.5}""", "true", "[]" })
        {
            Answer refused = await api.PutAsync(ApiUnderTest.Lab, $$$"""{"location":"local","properties":{"idleSignals":{{{wrong}}}}}""");
            (refused.Status, refused.Code).ShouldBe((400, "InvalidRequestBody"), wrong);
            refused.Target.ShouldNotBeNull().ShouldStartWith("properties.idleSignals");
        }

        Answer set = await api.PutAsync(
            ApiUnderTest.Lab, """{"location":"local","properties":{"countOpenConnections":true,"idleSignals":{"sshSessions":1,"processorPercent":20,"gpuPercent":null}}}""");
        set.Status.ShouldBe(200, set.Text);
        (await api.GetAsync(ApiUnderTest.Lab)).Body["properties"]!["idleSignals"]!["processorPercent"]!.GetValue<int>().ShouldBe(20);
    }

    private static JsonNode Inner(Answer answer) => answer.Body["properties"]!["properties"]!;
}
