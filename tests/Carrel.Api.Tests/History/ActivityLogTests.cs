using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using Carrel.TestKit.Engines;

namespace Carrel.Api.Tests.History;

/// <summary>Azure's activity log route (ActivityLogs_List, 2015-04-01).</summary>
public sealed class ActivityLogTests
{
    private const string Log = ApiUnderTest.Subscription + "/providers/microsoft.insights/eventtypes/management/values?api-version=2015-04-01&$filter=";
    private const string Ever = "eventTimestamp ge '2020-01-01T00:00:00Z'";
    private const string Computes = "Microsoft.MachineLearningServices/workspaces/computes/";

    [Fact]
    public async Task The_life_of_an_instance_is_there_newest_first_also_when_it_is_gone()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(inner: ",\"idleTimeBeforeShutdown\":\"PT30M\"", top: "\"tags\":{\"a\":\"b\"},"));
        await api.SendAsync("PATCH", ApiUnderTest.Compute("desk"), """{"properties":{"description":"mine"}}""");
        await api.EndAsync(await api.PostAsync(ApiUnderTest.Compute("desk") + "/stop"));
        await api.PostAsync(ApiUnderTest.Compute("desk") + "/stop");
        await api.EndAsync(await api.DeleteAsync(ApiUnderTest.Compute("desk")));
        (await api.GetAsync(ApiUnderTest.Compute("desk"))).Status.ShouldBe(404);

        JsonNode[] events = await EventsAsync(api, $"{Ever} and resourceUri eq '{ApiUnderTest.Compute("DESK")}'");
        events.Select(row => (Text(row, "operationName", "value"), Text(row, "status", "value"), Text(row, "description"))).ShouldBe(
        [
            (Computes + "delete", "Succeeded", ""),
            (Computes + "delete", "Accepted", ""),
            (Computes + "stop/action", "Succeeded", "There was nothing to do."),
            (Computes + "stop/action", "Succeeded", ""),
            (Computes + "stop/action", "Accepted", ""),
            (Computes + "write", "Succeeded", "Changed: description."),
            (Computes + "write", "Succeeded", "Changed: idleTimeBeforeShutdown, tags."),
            (Computes + "write", "Succeeded", ""),
            (Computes + "write", "Accepted", ""),
        ]);
        events.ShouldAllBe(row => Text(row, "caller") == "ann@contoso.com" && Text(row, "properties", "cause") == "User" && Text(row, "level") == "Informational");
        events.Select(row => Text(row, "eventDataId")).ShouldBeUnique();
        events.Select(row => Text(row, "eventTimestamp")).ShouldBeInOrder(SortDirection.Descending);
        Text(events[0], "operationId").ShouldBe(Text(events[1], "operationId"));
        Text(events[0], "operationId").ShouldNotBe(Text(events[3], "operationId"));
    }

    [Fact]
    public async Task Acceptance_and_end_carry_the_request_and_the_shape_is_the_published_one()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Guid correlation = Guid.NewGuid();
        Answer put = await api.SendAsync("PUT", ApiUnderTest.Compute("Desk"), ApiUnderTest.InstanceBody(), change: request =>
        {
            request.Headers.Add("x-ms-client-request-id", "mine-7");
            request.Headers.Add("x-ms-correlation-request-id", correlation.ToString());
            request.Headers.TryAddWithoutValidation("User-Agent", "AZURECLI/2.91.0 " + new string('x', 5000));
        });
        await api.EndAsync(put);
        JsonNode[] events = await EventsAsync(api, $"{Ever} and correlationId eq '{correlation}'");
        events.Length.ShouldBe(2);
        foreach (JsonNode row in events)
        {
            Text(row, "correlationId").ShouldBe(correlation.ToString());
            Text(row, "httpRequest", "clientRequestId").ShouldBe("mine-7");
            Text(row, "httpRequest", "method").ShouldBe("PUT");
            Text(row, "properties", "serviceRequestId").ShouldBe(put.Headers["x-ms-request-id"]);
            Text(row, "properties", "userAgent").ShouldStartWith("AZURECLI/2.91.0 xxx");
            Text(row, "properties", "userAgent").Length.ShouldBe(256);
            Text(row, "resourceId").ShouldBe(ApiUnderTest.Compute("Desk"), "as it is spelled");
            Text(row, "resourceGroupName").ShouldBe("team");
            Text(row, "resourceProviderName", "value").ShouldBe("Microsoft.MachineLearningServices");
            Text(row, "resourceType", "value").ShouldBe("Microsoft.MachineLearningServices/workspaces/computes");
            Text(row, "subscriptionId").ShouldBe(EngineUnderTest.Subscription);
            Text(row, "authorization", "scope").ShouldBe(ApiUnderTest.Compute("Desk"));
            Text(row, "category", "value").ShouldBe("Administrative");
            Text(row, "eventTimestamp").ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$");
            row["properties"]!.AsObject().ShouldAllBe(member => member.Value!.GetValueKind() == System.Text.Json.JsonValueKind.String);
        }

        events.Select(row => Text(row, "eventName", "value")).ShouldBe(["EndRequest", "BeginRequest"]);
    }

    [Fact]
    public async Task What_was_asked_and_not_done_is_a_warning_and_a_failure_an_error()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        Answer put = await api.PutAsync(ApiUnderTest.Compute("desk"), ApiUnderTest.InstanceBody(inner: ",\"enableSSO\":false"));
        put.Headers["Warning"].ShouldContain("enableSSO");
        JsonNode warned = (await EventsAsync(api, $"{Ever} and resourceUri eq '{ApiUnderTest.Compute("desk")}'"))[0];
        (Text(warned, "level"), Text(warned, "description")).ShouldBe(("Warning", "Not applied: properties.properties.enableSSO."));
        (await EventsAsync(api, $"{Ever} and levels eq 'Warning'")).Length.ShouldBe(1);

        api.Host.BeforeVerb = (verb, _) => verb == "EnsureMachineAsync" ? throw new Carrel.Instances.Hosting.HostRefusedException("ImageNotFound", "No such image.") : Task.CompletedTask;
        await api.EndAsync(await api.PutAsync(ApiUnderTest.Compute("chair"), ApiUnderTest.InstanceBody()));
        JsonNode failed = (await EventsAsync(api, $"{Ever} and status eq 'failed'")).ShouldHaveSingleItem();
        (Text(failed, "level"), Text(failed, "description")).ShouldBe(("Error", "ImageNotFound: No such image."));
    }

    [Fact]
    public async Task Changes_of_groups_and_workspaces_are_there_and_a_deletion_ties_its_parts_together()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        await api.PutAsync(ApiUnderTest.Lab, """{"location":"local","tags":{"a":"b"},"properties":{"description":"d"}}""");
        await api.SendAsync("PATCH", ApiUnderTest.Subscription + "/resourceGroups/team", """{"tags":{"a":"b"}}""");
        Answer deletion = await api.DeleteAsync(ApiUnderTest.Subscription + "/resourceGroups/team");
        await api.EndAsync(deletion);
        JsonNode[] lab = await EventsAsync(api, $"{Ever} and resourceUri eq '{ApiUnderTest.Lab}'");
        lab.Select(row => (Text(row, "status", "value"), Text(row, "description"))).ShouldBe(
            [("Succeeded", ""), ("Accepted", ""), ("Succeeded", "Changed: tags, description."), ("Succeeded", "")]);
        JsonNode[] group = await EventsAsync(api, $"{Ever} and resourceUri eq '{ApiUnderTest.Subscription}/resourceGroups/team'");
        group.Select(row => (Text(row, "operationName", "value").Split('/')[^1], Text(row, "status", "value"), Text(row, "description"))).ShouldBe(
            [("delete", "Succeeded", ""), ("delete", "Accepted", ""), ("write", "Succeeded", "Changed: tags."), ("write", "Succeeded", "")]);
        JsonNode[] together = await EventsAsync(api, $"{Ever} and correlationId eq '{deletion.Headers["x-ms-correlation-request-id"]}'");
        together.Select(row => Text(row, "resourceType", "value").Split('/')[^1]).Distinct().Order().ShouldBe(["computes", "resourceGroups", "workspaces"]);
        together.ShouldAllBe(row => Text(row, "properties", "serviceRequestId") == deletion.Headers["x-ms-request-id"]);
        (await EventsAsync(api, $"{Ever} and resourceGroupName eq 'TEAM'")).Length.ShouldBe(group.Length + lab.Length + 4);
        (await EventsAsync(api, $"{Ever} and resourceGroupName eq 'tea'")).ShouldBeEmpty();
        (await EventsAsync(api, $"{Ever} and resourceProvider eq 'Microsoft.Resources'")).Length.ShouldBe(group.Length);
    }

    [Fact]
    public async Task Pages_hold_every_event_once_newest_first_also_while_new_ones_come()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(pageSize: 3);
        for (int number = 0; number < 7; number++)
            await api.SendAsync("PATCH", ApiUnderTest.Lab, $$$"""{"tags":{"n":"{{{number}}}"}}""");
        JsonNode[] before = await EventsAsync(api, Ever);
        var paged = new List<string>();
        for (string? next = Log + Uri.EscapeDataString(Ever) + "&$select=eventDataId,eventTimestamp"; next is not null;)
        {
            Answer page = await api.GetAsync(next);
            page.Status.ShouldBe(200, page.Text);
            page.Body["value"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(3);
            paged.AddRange(page.Body["value"]!.AsArray().Select(row => Text(row!, "eventDataId")));
            page.Body["value"]![0]!.AsObject().Select(member => member.Key).Order().ShouldBe(["eventDataId", "eventTimestamp"]);
            next = page.Body["nextLink"] is { } link ? ApiUnderTest.Local(link.GetValue<string>()) : null;
            await api.SendAsync("PATCH", ApiUnderTest.Lab, """{"tags":{}}""");
        }

        paged.ShouldBe(before.Select(row => Text(row, "eventDataId")));
    }

    [Fact]
    public async Task A_time_without_zone_is_UTC_as_the_Azure_CLI_means_it_and_the_end_is_kept()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        string lab = ApiUnderTest.Lab;
        (await EventsAsync(api, $"eventTimestamp ge 2020-01-01T00:00:00.123456 and eventTimestamp le 2999-01-01T00:00:00 and resourceId eq '{lab}'")).Length.ShouldBe(1);
        (await EventsAsync(api, $"eventTimestamp ge 2020-01-01T00:00:00-0500 and eventTimestamp le '2999-01-01T00:00:00+01:00' and eventChannels eq 'Admin, Operation' and resourceUri eq {lab}")).Length.ShouldBe(1);
        (await EventsAsync(api, "eventTimestamp ge '2020-01-01T00:00:00Z' and eventTimestamp le '2021-01-01T00:00:00Z'")).ShouldBeEmpty();
        (await EventsAsync(api, "eventTimestamp ge '2999-01-01T00:00:00Z'")).ShouldBeEmpty();
        (await EventsAsync(api, $"{Ever} and caller eq 'ANN@contoso.com'")).Length.ShouldBe(2);
        (await EventsAsync(api, $"{Ever} and caller eq 'bob@contoso.com'")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("resourceUri eq '/subscriptions/x'")]
    [InlineData("eventTimestamp le '2026-01-01T00:00:00Z'")]
    [InlineData("eventTimestamp eq '2026-01-01T00:00:00Z'")]
    [InlineData("eventTimestamp ge 'yesterday'")]
    [InlineData("eventTimestamp ge '2026-13-01T00:00:00Z'")]
    [InlineData("eventTimestamp ge '99999999-01-01T00:00:00Z'")]
    [InlineData("eventTimestamp ge '2020-01-01T00:00:00Z' and colour eq 'red'")]
    [InlineData("eventTimestamp ge '2020-01-01T00:00:00Z' and caller ne 'x'")]
    [InlineData("eventTimestamp ge '2020-01-01T00:00:00Z' and resourceUri eq '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/x'")]
    public async Task A_bad_filter_is_400(string filter)
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        Answer answer = await api.GetAsync(Log + Uri.EscapeDataString(filter));
        (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidFilter", "$filter"), answer.Text);
    }

    [Fact]
    public async Task Without_rights_on_a_target_one_sees_nothing_of_it()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync();
        await api.RunningAsync("desk");
        await api.RunningAsync("chair");
        string desk = $"{Ever} and resourceUri eq '{ApiUnderTest.Compute("desk")}'";
        (await EventsAsync(api, Ever, "bob")).ShouldBeEmpty();
        (await EventsAsync(api, $"{Ever} and resourceGroupName eq 'team'", "bob")).ShouldBeEmpty();
        Answer refused = await api.GetAsync(Log + Uri.EscapeDataString(desk), who: "bob");
        (refused.Status, refused.Code).ShouldBe((403, "AuthorizationFailed"));
        Answer absent = await api.GetAsync(Log + Uri.EscapeDataString(desk.Replace("desk", "nobody")), who: "bob");
        (absent.Status, absent.Message).ShouldBe((403, refused.Message.Replace("desk", "nobody")));

        api.Roles.GrantedAt.Add((Computes + "read", ApiUnderTest.Compute("desk")));
        (await EventsAsync(api, desk, "bob")).Length.ShouldBe(2);
        (await EventsAsync(api, Ever, "bob")).ShouldAllBe(row => Text(row, "resourceId") == ApiUnderTest.Compute("desk"));
        (await EventsAsync(api, Ever, "bob")).Length.ShouldBe(2);
        await api.EndAsync(await api.DeleteAsync(ApiUnderTest.Compute("desk")));
        (await EventsAsync(api, Ever, "bob")).Length.ShouldBe(4, "the history outlives its target");

        api.Roles.GrantedAt.Add(("Microsoft.Insights/eventtypes/values/read", ApiUnderTest.Subscription));
        (await EventsAsync(api, Ever, "bob")).Length.ShouldBe((await EventsAsync(api, Ever)).Length);
    }

    [Fact]
    public async Task What_happened_to_no_group_and_on_nobodys_request_is_told_too()
    {
        await using ApiUnderTest api = await ApiUnderTest.StartAsync(lab: false);
        const string quota = ApiUnderTest.Subscription + "/providers/Microsoft.MachineLearningServices/locations/local/quotas/x";
        await api.Get<IEngineStore>().WriteAsync(transaction =>
        {
            transaction.Append(new ActivityEvent(
                NodaTime.SystemClock.Instance.GetCurrentInstant(), Service.Principal, "Carrel/reconcile", quota, "Unusable", "Reconciler", "It is gone.", "", Guid.NewGuid().ToString())
            {
                Level = EventLevel.Error,
            });
            transaction.Append(new ActivityEvent(NodaTime.Instant.FromUtc(2026, 1, 1, 0, 0), EngineUnderTest.Ann, "a/write", ApiUnderTest.Subscription, "Succeeded", "User", null, "r", "c"));
            return true;
        });
        JsonNode[] events = await EventsAsync(api, Ever);
        JsonNode found = events[0];
        (Text(found, "resourceType", "value"), Text(found, "resourceGroupName")).ShouldBe(("Microsoft.MachineLearningServices/locations/quotas", ""));
        (Text(found, "caller"), Text(found, "properties", "cause"), Text(found, "level")).ShouldBe(("Carrel", "Reconciler", "Error"));
        found["httpRequest"].ShouldBeNull();
        Text(events[1], "resourceType", "value").ShouldBe("Microsoft.Resources/subscriptions");
    }

    private static async Task<JsonNode[]> EventsAsync(ApiUnderTest api, string filter, string who = "ann")
    {
        var events = new List<JsonNode>();
        for (string? next = Log + Uri.EscapeDataString(filter); next is not null;)
        {
            Answer answer = await api.GetAsync(next, who);
            answer.Status.ShouldBe(200, answer.Text);
            events.AddRange(answer.Body["value"]!.AsArray().Select(row => row!));
            next = answer.Body["nextLink"] is { } link ? ApiUnderTest.Local(link.GetValue<string>()) : null;
        }

        return [.. events];
    }

    private static string Text(JsonNode row, params string[] path) => path.Aggregate(row, (node, name) => node[name]!).GetValue<string>();
}
