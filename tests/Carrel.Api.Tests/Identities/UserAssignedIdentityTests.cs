using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Api.Tests.Support;
using Carrel.Arm.Identity;
using static Carrel.Api.Tests.Support.ApiUnderTest;

namespace Carrel.Api.Tests.Identities;

/// <summary>User-assigned identities as resources, and what instances make of them (contract 9.3; wire 7).</summary>
public sealed class UserAssignedIdentityTests
{
    private const string Team = Subscription + "/resourceGroups/team";
    private const string Identities = Team + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities";
    private const string Write = "Microsoft.ManagedIdentity/userAssignedIdentities/write";
    private const string Made = "did not exist: it was made, without roles";

    [Fact]
    public async Task An_identity_is_put_read_listed_changed_and_deleted()
    {
        await using ApiUnderTest api = await StartAsync();
        Answer put = await api.PutAsync(Identities + "/Robot_1", """{"location":"Local","tags":{"a":"b"}}""");
        put.Status.ShouldBe(201, put.Text);
        (put.Body["id"]!.GetValue<string>(), put.Body["name"]!.GetValue<string>(), put.Body["type"]!.GetValue<string>(), put.Body["location"]!.GetValue<string>())
            .ShouldBe((Identities + "/Robot_1", "Robot_1", "Microsoft.ManagedIdentity/userAssignedIdentities", "local"));
        put.Body["properties"]!.AsObject().Select(member => member.Key).ShouldBe(["tenantId", "principalId", "clientId"]);
        string ids = put.Body["properties"]!.ToJsonString();

        Answer again = await api.PutAsync(Identities + "/ROBOT_1", """{"location":"local"}""");
        (again.Status, again.Body["properties"]!.ToJsonString(), again.Body["tags"]!.ToJsonString()).ShouldBe((200, ids, "{}"), "a PUT replaces the tags and keeps the principal");
        Answer patch = await api.SendAsync("PATCH", Identities + "/robot_1", """{"tags":{"c":"d"}}""");
        (patch.Status, patch.Body["tags"]!.ToJsonString()).ShouldBe((200, """{"c":"d"}"""));
        (await api.GetAsync(Identities + "/robot_1")).Body.ToJsonString().ShouldBe(patch.Body.ToJsonString());
        foreach (string list in new[] { Identities, Subscription + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities" })
            (await api.GetAsync(list)).Body["value"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldBe(patch.Body.ToJsonString());

        (await api.SendAsync("HEAD", Identities + "/robot_1")).Status.ShouldBe(204);
        (await api.DeleteAsync(Identities + "/robot_1")).Status.ShouldBe(200);
        (await api.DeleteAsync(Identities + "/robot_1")).Status.ShouldBe(204);
        Answer gone = await api.GetAsync(Identities + "/robot_1");
        (gone.Status, gone.Code).ShouldBe((404, "ResourceNotFound"));
        (await api.PutAsync(Identities + "/robot_1", """{"location":"local"}""")).Body["properties"]!.ToJsonString().ShouldNotBe(ids, "made anew is another identity");
    }

    [Theory]
    [InlineData("team", "robot", "{}", 400, "LocationRequired")]
    [InlineData("team", "a b", """{"location":"local"}""", 400, "InvalidResourceName")]
    [InlineData("team", "ab", """{"location":"local"}""", 400, "InvalidResourceName")]
    [InlineData("team", "robot", """{"location":"local","tags":{"a":1}}""", 400, "InvalidRequestBody")]
    [InlineData("other", "robot", """{"location":"local"}""", 404, "ResourceGroupNotFound")]
    public async Task A_wrong_identity_is_refused(string group, string name, string body, int status, string code)
    {
        await using ApiUnderTest api = await StartAsync();
        Answer put = await api.PutAsync($"{Subscription}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{Uri.EscapeDataString(name)}", body);
        (put.Status, put.Code).ShouldBe((status, code));
    }

    [Fact]
    public async Task A_location_stays_and_a_condition_that_is_not_met_changes_nothing()
    {
        await using ApiUnderTest api = await StartAsync();
        Answer put = await api.PutAsync(Identities + "/robot", """{"location":"local"}""");
        Answer moved = await api.PutAsync(Identities + "/robot", """{"location":"elsewhere"}""");
        (moved.Status, moved.Code, moved.Target).ShouldBe((409, "InvalidResourceLocation", "location"));
        await api.SendAsync("PATCH", Identities + "/robot", """{"tags":{"c":"d"}}""");
        Answer stale = await api.SendAsync("DELETE", Identities + "/robot", change: request => request.Headers.TryAddWithoutValidation("If-Match", put.Headers["ETag"]));
        (stale.Status, stale.Code).ShouldBe((412, "PreconditionFailed"));
        (await api.GetAsync(Identities + "/robot")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Generic_lists_and_providers_show_identities_and_a_deleted_group_takes_them_along()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.PutAsync(Identities + "/robot", """{"location":"local"}""");
        (await Names("")).ShouldBe(["lab", "robot"], "in the order of their ids");
        (await Names("&$filter=resourceType eq 'Microsoft.ManagedIdentity/userAssignedIdentities'")).ShouldBe(["robot"]);
        Answer provider = await api.GetAsync(Subscription + "/providers/microsoft.managedidentity");
        provider.Body["resourceTypes"]![0]!["resourceType"]!.GetValue<string>().ShouldBe("userAssignedIdentities");

        Guid principal = Guid.Parse((await api.GetAsync(Identities + "/robot")).Body["properties"]!["principalId"]!.GetValue<string>());
        IDirectoryStore directory = api.Get<IDirectoryStore>();
        (await directory.FindServicePrincipalByObjectIdAsync(principal, default))!.Kind.ShouldBe(CallerKind.ManagedIdentity);
        (await api.EndAsync(await api.DeleteAsync(Team)))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        (await directory.FindServicePrincipalByObjectIdAsync(principal, default)).ShouldBeNull();
        (await api.GetAsync(Subscription + "/resources")).Body["value"]!.AsArray().ShouldBeEmpty();

        async Task<string[]> Names(string filter) =>
            [.. (await api.GetAsync($"{Subscription}/resources?api-version=2021-04-01{filter}")).Body["value"]!.AsArray().Select(row => row!["name"]!.GetValue<string>())];
    }

    [Fact(DisplayName = "9.T13 An identity that does not exist is made with a Warning for whoever may make it, else refused; a bare name lies in the workspace's group; 'a b' names none")]
    public async Task An_absent_identity_is_made_or_refused()
    {
        await using ApiUnderTest api = await StartAsync();
        Answer put = await api.PutAsync(Compute("desk"), Body("identity_resource_id"));
        put.Status.ShouldBe(201, put.Text);
        put.Headers["Warning"].ShouldBe($"299 - \"the identity {Identities}/identity_resource_id {Made}\"");
        JsonNode ids = put.Body["identity"]!["userAssignedIdentities"]![Identities + "/identity_resource_id"]!;
        JsonNode identity = (await api.GetAsync(Identities + "/identity_resource_id")).Body;
        (identity["properties"]!["principalId"]!.ToString(), identity["properties"]!["clientId"]!.ToString(), identity["location"]!.ToString())
            .ShouldBe((ids["principalId"]!.ToString(), ids["clientId"]!.ToString(), "local"));

        Answer bad = await api.PutAsync(Compute("desk2"), Body("a b"));
        (bad.Status, bad.Code).ShouldBe((400, "InvalidIdentityId"));

        api.Roles.Granted.Add("Microsoft.MachineLearningServices/workspaces/computes/write");
        api.Roles.Granted.Add("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action");
        Answer refused = await api.PutAsync(Compute("desk3"), Body("robot"), "bob");
        (refused.Status, refused.Code, refused.Target).ShouldBe((400, "InvalidIdentityId", "identity.userAssignedIdentities"), refused.Text);
        (await api.GetAsync(Identities + "/robot")).Status.ShouldBe(404, "nothing is left of a refused request");
        (await api.GetAsync(Compute("desk3"))).Status.ShouldBe(404);

        Answer present = await api.PutAsync(Compute("desk3"), Body("identity_resource_id"), "bob");
        (present.Status, present.Headers.ContainsKey("Warning")).ShouldBe((201, false), "one that is there needs no right to make it");
        api.Roles.GrantedAt.Add((Write, Identities + "/robot"));
        (await api.PutAsync(Compute("desk4"), Body("robot"), "bob")).Status.ShouldBe(201, "the right is asked at the identity");
    }

    [Fact]
    public async Task A_PATCH_makes_an_absent_identity_by_the_same_rule()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk");
        api.Roles.Granted.Add("Microsoft.MachineLearningServices/workspaces/computes/write");
        const string patch = """{"identity":{"type":"UserAssigned","userAssignedIdentities":{"robot":{}}}}""";
        Answer refused = await api.SendAsync("PATCH", Compute("desk"), patch, "bob");
        (refused.Status, refused.Code).ShouldBe((400, "InvalidIdentityId"));
        Answer made = await api.SendAsync("PATCH", Compute("desk"), patch);
        (made.Status, made.Headers["Warning"]).ShouldBe((200, $"299 - \"the identity {Identities}/robot {Made}\""));
    }

    [Fact]
    public async Task An_identity_of_a_group_that_is_not_there_is_refused_to_everybody()
    {
        await using ApiUnderTest api = await StartAsync();
        Answer put = await api.PutAsync(Compute("desk"), Body(Identities.Replace("/team/", "/nowhere/", StringComparison.Ordinal) + "/robot"));
        (put.Status, put.Code).ShouldBe((400, "InvalidIdentityId"));
        put.Message.ShouldContain("resource group");
    }

    [Fact]
    public async Task What_is_assigned_stays_until_it_is_assigned_anew_even_when_its_name_is_given_to_another_identity()
    {
        await using ApiUnderTest api = await StartAsync();
        await api.RunningAsync("desk", Body("robot"));
        string before = Ids(await api.GetAsync(Compute("desk")));
        await api.DeleteAsync(Identities + "/robot");
        await api.PutAsync(Identities + "/robot", """{"location":"local"}""");
        Ids(await api.PutAsync(Compute("desk"), Body("robot", "\"tags\":{\"a\":\"b\"},"))).ShouldBe(before, "nobody asked to assign the new one");
        await api.SendAsync("PATCH", Compute("desk"), """{"identity":{"type":"None"}}""");
        Ids(await api.PutAsync(Compute("desk"), Body("robot", "\"tags\":{\"a\":\"c\"},"))).ShouldNotBe(before);

        static string Ids(Answer answer) => answer.Body["identity"]!["userAssignedIdentities"]!.ToJsonString();
    }

    [Fact(DisplayName = "9.T4, 9.T10 A system-assigned identity is a principal named /workspace/computes/name, goes with its instance, and is another one after recreation")]
    public async Task A_system_identity_is_a_principal_of_its_instance_alone()
    {
        await using ApiUnderTest api = await StartAsync();
        IDirectoryStore directory = api.Get<IDirectoryStore>();
        const string own = "\"identity\":{\"type\":\"SystemAssigned\"},";
        Guid first = Principal(await api.RunningAsync("desk", InstanceBody(top: own)));
        ServicePrincipal principal = (await directory.FindServicePrincipalByObjectIdAsync(first, default))!;
        (principal.DisplayName, principal.Kind).ShouldBe(("/lab/computes/desk", CallerKind.ManagedIdentity));
        principal.ClientId.ShouldNotBe(first);

        (await api.EndAsync(await api.DeleteAsync(Compute("desk"))))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        (await directory.FindServicePrincipalByObjectIdAsync(first, default)).ShouldBeNull();
        Guid second = Principal(await api.RunningAsync("desk", InstanceBody(top: own)));
        second.ShouldNotBe(first);

        await api.SendAsync("PATCH", Compute("desk"), """{"identity":{"type":"None"}}""");
        (await directory.FindServicePrincipalByObjectIdAsync(second, default)).ShouldBeNull("taken away from a living instance it is gone too");
        Answer back = await api.SendAsync("PATCH", Compute("desk"), """{"identity":{"type":"SystemAssigned"}}""");
        Principal(back.Body).ShouldNotBe(second);

        static Guid Principal(JsonNode body) => Guid.Parse(body["identity"]!["principalId"]!.GetValue<string>());
    }

    private static string Body(string identity, string more = "") =>
        InstanceBody(top: $"{more}\"identity\":{{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{{\"{identity}\":{{}}}}}},");
}
