using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;
using NodaTime;

namespace Carrel.Api.Tests.Notices;

/// <summary>Announced stops over REST (contract 3.6).</summary>
public sealed class NoticeApiTests
{
    [Fact]
    public async Task A_notice_is_listed_read_put_off_and_dismissed()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        StopNotice notice = await AnnounceAsync(api, Duration.FromMinutes(15));
        string path = $"{ApiUnderTest.Compute("desk")}/scheduledEvents";

        JsonNode row = (await api.GetAsync(path)).Body["value"]!.AsArray().Single()!;
        row["name"]!.GetValue<string>().ShouldBe(notice.Id.ToString("D"));
        row["properties"]!["eventType"]!.GetValue<string>().ShouldBe("ScheduledShutdownPending");
        row["properties"]!["state"]!.GetValue<string>().ShouldBe("Pending");
        row["properties"]!["scheduleId"]!.GetValue<string>().ShouldBe(notice.ScheduleId!.Value.ToString("D"));
        JsonNode one = (await api.GetAsync($"{path}/{notice.Id:D}")).Body;
        JsonNode.DeepEquals(one, row).ShouldBeTrue();

        Answer snoozed = await api.PostAsync("desk", $"scheduledEvents/{notice.Id:D}/snooze", """{"minutes":30}""");
        (snoozed.Status, snoozed.Text).ShouldBe((200, ""));
        JsonNode after = (await api.GetAsync($"{path}/{notice.Id:D}")).Body["properties"]!;
        after["state"]!.GetValue<string>().ShouldBe("Snoozed");
        after["snoozedMinutes"]!.GetValue<int>().ShouldBe(30);
        after["decidedBy"]!.GetValue<string>().ShouldBe("ann@contoso.com");

        (await api.PostAsync("desk", $"scheduledEvents/{notice.Id:D}/dismiss", null)).Status.ShouldBe(200);
        (await api.PostAsync("desk", $"scheduledEvents/{notice.Id:D}/dismiss", null)).Status.ShouldBe(200);
        JsonNode dismissed = (await api.GetAsync($"{path}/{notice.Id:D}")).Body["properties"]!;
        dismissed["state"]!.GetValue<string>().ShouldBe("Dismissed");
        dismissed["ending"]!.GetValue<string>().ShouldContain("ann@contoso.com");
        JsonNode.DeepEquals((await api.GetAsync(ApiUnderTest.Compute("desk") + "/explain")).Body["notice"], dismissed).ShouldBeTrue("an explanation shows the latest");
        Answer late = await api.PostAsync("desk", $"scheduledEvents/{notice.Id:D}/snooze", """{"minutes":15}""");
        (late.Status, late.Code).ShouldBe((409, "NoticeNotPending"));
    }

    [Fact]
    public async Task Bad_snoozes_are_refused_with_what_to_send_instead()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        StopNotice notice = await AnnounceAsync(api, Duration.FromMinutes(15));
        string snooze = $"scheduledEvents/{notice.Id:D}/snooze";
        foreach (string body in new[] { "{}", """{"minutes":20}""", """{"minutes":"15"}""", """{"minutes":1e40}""", """{"minutes":null}""" })
        {
            Answer refused = await api.PostAsync("desk", snooze, body);
            (refused.Status, refused.Code, refused.Target).ShouldBe((400, "InvalidSnooze", "minutes"), body);
        }

        (await api.PostAsync("desk", snooze, null)).Status.ShouldBe(400);
        (await api.PostAsync("desk", snooze, """{"minutes":120}""")).Status.ShouldBe(200);
        (await api.PostAsync("desk", snooze, """{"minutes":120}""")).Status.ShouldBe(200);
        Answer limit = await api.PostAsync("desk", snooze, """{"minutes":15}""");
        (limit.Status, limit.Code).ShouldBe((409, "SnoozeLimitReached"));
    }

    [Fact]
    public async Task A_snooze_that_would_reach_the_next_start_is_409()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Instant now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        // The start follows the stop by about 20 minutes.
        ZonedDateTime start = (now + Duration.FromMinutes(35)).InUtc();
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody(inner: $$$""","schedules":{"computeStartStop":[{"action":"Start","triggerType":"Cron","cron":{"expression":"{{{start.Minute}}} {{{start.Hour}}} * * *"}}]}"""));
        StopNotice notice = await AnnounceAsync(api, Duration.FromMinutes(15));
        Answer refused = await api.PostAsync("desk", $"scheduledEvents/{notice.Id:D}/snooze", """{"minutes":30}""");
        (refused.Status, refused.Code).ShouldBe((409, "SnoozeReachesNextStart"));
        (await api.PostAsync("desk", $"scheduledEvents/{notice.Id:D}/snooze", """{"minutes":15}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_does_not_exist_is_404_and_names_it()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        await api.RunningAsync("other");
        StopNotice notice = await AnnounceAsync(api, Duration.FromMinutes(15), "other");
        foreach (string id in new[] { "nonsense", Guid.NewGuid().ToString(), notice.Id.ToString() })
        {
            (await api.GetAsync($"{ApiUnderTest.Compute("desk")}/scheduledEvents/{id}")).Status.ShouldBe(404);
            Answer refused = await api.PostAsync("desk", $"scheduledEvents/{id}/dismiss", null);
            (refused.Status, refused.Code).ShouldBe((404, "ResourceNotFound"));
        }

        (await api.GetAsync(ApiUnderTest.Compute("nobody") + "/scheduledEvents")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_owner_and_whoever_may_change_schedules_decide_and_nobody_else()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        const string Bob = "bbbbbbbb-0000-0000-0000-000000000001";
        // Ann may do everything by role; Bob owns the instance and has no role.
        await api.RunningAsync("desk", ApiUnderTest.InstanceBody(
            inner: $$$""","personalComputeInstanceSettings":{"assignedUser":{"objectId":"{{{Bob}}}","tenantId":"{{{EngineUnderTest.Ann.TenantId}}}"}}"""));
        await api.RunningAsync("hers");
        StopNotice his = await AnnounceAsync(api, Duration.FromMinutes(15));
        StopNotice hers = await AnnounceAsync(api, Duration.FromMinutes(15), "hers");

        (await api.PostAsync("desk", $"scheduledEvents/{his.Id:D}/snooze", """{"minutes":15}""", "bob")).Status.ShouldBe(200);
        (await api.PostAsync("desk", $"scheduledEvents/{his.Id:D}/dismiss", null)).Status.ShouldBe(200);
        Answer refused = await api.PostAsync("hers", $"scheduledEvents/{hers.Id:D}/dismiss", null, "bob");
        (refused.Status, refused.Code).ShouldBe((403, "AuthorizationFailed"));
        (await api.PostAsync("nobody", $"scheduledEvents/{hers.Id:D}/dismiss", null, "bob")).Status.ShouldBe(403);
        api.Roles.Granted.Add("Microsoft.MachineLearningServices/workspaces/computes/updateSchedules/action");
        (await api.PostAsync("hers", $"scheduledEvents/{hers.Id:D}/dismiss", null, "bob")).Status.ShouldBe(200);
        (await api.GetAsync(ApiUnderTest.Compute("hers") + "/scheduledEvents", "bob")).Status.ShouldBe(403);
    }

    private static async Task<StopNotice> AnnounceAsync(ApiUnderTest api, Duration ahead, string name = "desk")
    {
        InstanceAddress address = EngineUnderTest.Address(name);
        Instant now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        return await api.Get<IEngineStore>().WriteAsync(transaction => api.Get<StopNotices>().Announce(
            transaction,
            transaction.FindInstance(address)!,
            new StopWarning(NoticeKind.ScheduledShutdownPending, Guid.NewGuid(), now + ahead, "A schedule stops it."),
            now));
    }
}
