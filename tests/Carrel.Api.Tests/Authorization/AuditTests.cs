using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using Carrel.Arm.Audit;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

public sealed class AuditTests
{
    private const string Log = Subscription + "/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=";

    [Fact(DisplayName = "14.T9: every 403 stands in the activity log with operation and scope")]
    public async Task Refusals()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("rita", "Reader", Team);
        await api.GiveAsync("olaf", "AzureML Compute Operator", Lab);
        string identity = Team + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/robot";
        (await api.PutAsync(identity, """{"location":"local"}""", "person-ann")).Status.ShouldBe(201);
        (await api.PutAsync(Compute("desk"), ApiUnderTest.InstanceBody(), "person-rita")).Status.ShouldBe(403);
        (await api.SendAsync("DELETE", Compute("desk"), who: "person-rita")).Status.ShouldBe(403);
        (await api.GetAsync(Lab, "person-stranger")).Status.ShouldBe(403);
        (await api.GetAsync(Lab, "person-stranger")).Status.ShouldBe(403);
        (await api.PutAsync(Compute("desk"), ApiUnderTest.InstanceBody(top: "\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"" + identity + "\":{}}},"), "person-olaf")).Code.ShouldBe("LinkedAuthorizationFailed");
        (await api.PutAsync(Assignment(Lab, Guid.Empty), AssignmentBody(Role("Reader"), Id("rita")), "person-rita")).Status.ShouldBe(403);

        JsonNode[] rows = [.. (await EventsAsync(api, "status eq 'Failed'")).Where(row => Text(row, "subStatus", "value") == "Forbidden")];
        rows.Select(row => (Text(row, "caller").Split('@')[0], Text(row, "operationName", "value"), Text(row, "authorization", "scope"))).ShouldBe(
        [
            ("rita", "Microsoft.Authorization/roleAssignments/write", Assignment(Lab, Guid.Empty)),
            ("olaf", $"{M}/workspaces/computes/write", Compute("desk")),
            ("stranger", $"{M}/workspaces/read", Lab),
            ("rita", $"{M}/workspaces/computes/delete", Compute("desk")),
            ("rita", $"{M}/workspaces/computes/write", Compute("desk")),
        ]);
        Text(rows[1], "description").ShouldContain("LinkedAuthorizationFailed");
        rows.ShouldAllBe(row => Text(row, "level") == "Warning" && Text(row, "correlationId").Length == 36);
    }

    [Fact]
    public async Task Changes_of_roles_are_events_that_say_who_gave_what_to_whom()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (Guid role, Guid assignment) = (Guid.NewGuid(), Guid.NewGuid());
        await api.PutAsync(Definition(Subscription, role), DefinitionBody("Helper", "*/read", Subscription), "person-ann");
        await api.PutAsync(Assignment(Lab, assignment), AssignmentBody(role, Id("bob")), "person-ann");
        await api.SendAsync("DELETE", Assignment(Lab, assignment), who: "person-ann");
        await api.SendAsync("DELETE", Definition(Subscription, role), who: "person-ann");
        (await EventsAsync(api, "resourceProvider eq 'Microsoft.Authorization'")).Select(row => Text(row, "description")).ShouldBe(
        [
            "Custom role 'Helper' was deleted.",
            $"Role 'Helper' was taken from User {Id("bob")} at '{Lab}'.",
            $"Role 'Helper' was given to User {Id("bob")} at '{Lab}'.",
            "Custom role 'Helper' was written.",
        ]);
    }

    [Fact]
    public async Task A_write_that_was_allowed_and_refused_for_its_body_is_an_event_without_the_body()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        const string Canary = "canary-5f1c0ffee";
        (await api.PutAsync(Compute("desk"), ApiUnderTest.InstanceBody(inner: $",\"sshSettings\":{{\"sshPublicAccess\":\"Enabled\",\"adminPublicKey\":\"{Canary}\"}}"), "person-ann")).Status.ShouldBe(400);
        (await api.PutAsync(Compute("desk"), ApiUnderTest.InstanceBody(size: Canary), "person-ann")).Status.ShouldBe(400);
        JsonNode[] rows = await EventsAsync(api, "status eq 'Failed'");
        rows.Length.ShouldBe(2);
        rows.ShouldAllBe(row => Text(row, "operationName", "value") == $"{M}/workspaces/computes/write" && Text(row, "description").Length > 0);
        rows.ShouldAllBe(row => !row.ToJsonString().Contains(Canary));
    }

    [Fact]
    public async Task One_principal_cannot_fill_the_log_with_refusals()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await Parallel.ForAsync(0, RefusalRecorder.MostRows + 50, async (number, _) => (await api.SendAsync("DELETE", Compute($"ghost-{number}"), who: "person-flood")).Status.ShouldBe(403));
        JsonNode[] rows = await EventsAsync(api, "caller eq 'flood@contoso.com'");
        rows.Length.ShouldBe(RefusalRecorder.MostRows);
        rows.Count(row => Text(row, "description").Contains("Further refusals")).ShouldBe(1);
        (await api.SendAsync("DELETE", Compute("desk"), who: "person-other")).Status.ShouldBe(403);
        (await EventsAsync(api, "caller eq 'other@contoso.com'")).ShouldHaveSingleItem();
    }

    private static async Task<JsonNode[]> EventsAsync(ApiUnderTest api, string filter)
    {
        string? next = Log + Uri.EscapeDataString($"eventTimestamp ge '2020-01-01T00:00:00Z' and {filter}");
        var rows = new List<JsonNode>();
        while (next is not null)
        {
            Answer answer = await api.GetAsync(next, "person-ann");
            answer.Status.ShouldBe(200, answer.Text);
            rows.AddRange(answer.Body["value"]!.AsArray().Select(row => row!));
            next = answer.Body["nextLink"]?.GetValue<string>() is { } link ? ApiUnderTest.Local(link) : null;
        }

        return [.. rows];
    }

    private static string Text(JsonNode node, params string[] path) => path.Aggregate(node, (at, name) => at[name]!).GetValue<string>();
}
