using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

/// <summary>The numbered statements of contract 7 that the resource API shows, with the roles that people have in them.</summary>
public sealed class StatementsOfRolesTests
{
    [Fact(DisplayName = "7.T2: a Data Scientist starts an instance and reads the workspace, but neither makes an instance nor lists keys")]
    public async Task Data_scientist()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("dora", "AzureML Data Scientist", Lab);
        await StoppedAsync(api, "desk");
        Refused(await api.PutAsync(Compute("other"), ApiUnderTest.InstanceBody(), "person-dora"), $"{M}/workspaces/computes/write", Compute("other"));
        (await api.SendAsync("POST", Compute("desk") + "/start", who: "person-dora")).Status.ShouldBe(202);
        (await api.GetAsync(Lab, "person-dora")).Status.ShouldBe(200);
        Refused(await api.SendAsync("POST", Compute("desk") + "/listKeys", who: "person-dora"), $"{M}/workspaces/computes/listKeys/action", Compute("desk"));
        Refused(await api.SendAsync("DELETE", Compute("desk"), who: "person-dora"), $"{M}/workspaces/computes/delete", Compute("desk"));
    }

    [Fact(DisplayName = "7.T3: Data Scientist and Compute Operator together make an instance")]
    public async Task Roles_add_up()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("dora", "AzureML Data Scientist", Lab);
        (await api.PutAsync(Compute("desk"), ApiUnderTest.InstanceBody(), "person-dora")).Status.ShouldBe(403);
        await api.GiveAsync("dora", "AzureML Compute Operator", Lab);
        (await api.PutAsync(Compute("desk"), ApiUnderTest.InstanceBody(), "person-dora")).Status.ShouldBe(201);
    }

    [Fact(DisplayName = "7.T4: a Compute Operator alone makes an instance, but may not check a name nor read the workspace")]
    public async Task Compute_operator()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("olaf", "AzureML Compute Operator", Lab);
        (await api.PutAsync(Compute("desk"), ApiUnderTest.InstanceBody(), "person-olaf")).Status.ShouldBe(201);
        Refused(await api.SendAsync("POST", Lab + "/checkComputeNameAvailability", """{"name":"desk"}""", "person-olaf"), $"{M}/workspaces/checkComputeNameAvailability/action", Lab);
        Refused(await api.GetAsync(Lab, "person-olaf"), $"{M}/workspaces/read", Lab);
    }

    [Fact(DisplayName = "7.T5: a Contributor gives no roles, a User Access Administrator does and stops nothing")]
    public async Task Who_gives_roles()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("carl", "Contributor", Subscription);
        await api.GiveAsync("uma", "User Access Administrator", Subscription);
        await api.RunningAsync("desk", who: "person-ann");
        string body = AssignmentBody(Role("AzureML Data Scientist"), Id("somebody"));
        var id = Guid.NewGuid();
        Refused(await api.PutAsync(Assignment(Lab, id), body, "person-carl"), "Microsoft.Authorization/roleAssignments/write", Assignment(Lab, id));
        Answer given = await api.PutAsync(Assignment(Lab, id), body, "person-uma");
        given.Status.ShouldBe(201, given.Text);
        Refused(await api.SendAsync("POST", Compute("desk") + "/stop", who: "person-uma"), $"{M}/workspaces/computes/stop/action", Compute("desk"));
    }

    [Fact(DisplayName = "7.T6: a Reader of rg1 may not read the workspace of the same name in rg10")]
    public async Task Scopes_end_at_segments()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        foreach (string group in new[] { "rg1", "rg10" })
        {
            (await api.PutAsync($"{Subscription}/resourceGroups/{group}", """{"location":"local"}""", "person-ann")).Status.ShouldBe(201);
            (await api.PutAsync(Workspace(group), """{"location":"local"}""", "person-ann")).Status.ShouldBe(201);
        }

        await api.GiveAsync("rita", "Reader", $"{Subscription}/resourceGroups/rg1");
        (await api.GetAsync(Workspace("rg1"), "person-rita")).Status.ShouldBe(200);
        (await api.GetAsync(Workspace("RG1").ToUpperInvariant(), "person-rita")).Status.ShouldBe(200, "scopes compare ignoring case");
        Refused(await api.GetAsync(Workspace("rg10"), "person-rita"), $"{M}/workspaces/read", Workspace("rg10"));

        static string Workspace(string group) => $"{Subscription}/resourceGroups/{group}/providers/{M}/workspaces/same";
    }

    [Fact(DisplayName = "7.T7: notActions subtract inside their own role only")]
    public async Task Not_actions()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await StoppedAsync(api, "desk");
        await api.GiveCustomAsync("nora", Lab, "*", notActions: $"{M}/workspaces/computes/delete");
        Refused(await api.SendAsync("DELETE", Compute("desk"), who: "person-nora"), $"{M}/workspaces/computes/delete", Compute("desk"));
        await api.GiveAsync("nora", "AzureML Compute Operator", Lab);
        (await api.SendAsync("DELETE", Compute("desk"), who: "person-nora")).Status.ShouldBe(202);
    }

    [Fact(DisplayName = "7.T11: membership in a group grants, and its end revokes with the next call")]
    public async Task Groups()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("the-team", "Reader", Lab);
        (await api.GetAsync(Lab, "person-gina")).Status.ShouldBe(403);
        api.People().Groups[Id("gina")] = [Id("inner"), Id("the-team")];
        (await api.GetAsync(Lab, "person-gina")).Status.ShouldBe(200);
        api.People().Groups[Id("gina")] = [Id("inner")];
        (await api.GetAsync(Lab, "person-gina")).Status.ShouldBe(403);
    }

    [Fact(DisplayName = "7.T13: without permission a missing compute answers 403, with it GET 404 and DELETE 204")]
    public async Task Permission_comes_before_existence()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await api.GetAsync(Compute("nothing"), "person-nobody")).Status.ShouldBe(403);
        (await api.SendAsync("DELETE", Compute("nothing"), who: "person-nobody")).Status.ShouldBe(403);
        (await api.GetAsync(Compute("nothing"), "person-ann")).Status.ShouldBe(404);
        (await api.SendAsync("DELETE", Compute("nothing"), who: "person-ann")).Status.ShouldBe(204);
    }

    [Fact(DisplayName = "7.T14: a role with data actions only reads no computes")]
    public async Task Data_actions_are_another_plane()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveCustomAsync("dan", Subscription, "", dataActions: "*");
        Refused(await api.GetAsync(Lab + "/computes", "person-dan"), $"{M}/workspaces/computes/read", Lab);
    }

    [Fact(DisplayName = "7.T15: quota is updated with a role at the subscription, not with Owner of the workspace")]
    public async Task Quota_is_the_subscription_s()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("owen", "Owner", Lab);
        await api.GiveAsync("carl", "Contributor", Subscription);
        string path = $"{Subscription}/providers/{M}/locations/local/updateQuotas";
        string quotas = (await api.GetAsync(path.Replace("updateQuotas", "quotas", StringComparison.Ordinal), "person-carl")).Text;
        (await api.SendAsync("POST", path, quotas, "person-owen")).Status.ShouldBe(403);
        Answer updated = await api.SendAsync("POST", path, quotas, "person-carl");
        updated.Status.ShouldBe(200, updated.Text);
    }

    [Fact(DisplayName = "7.T17: who has roles on the workspace only polls the operation of her own start; another without read is told nothing")]
    public async Task Polling()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await StoppedAsync(api, "desk");
        await api.GiveCustomAsync("stella", Lab, $"{M}/workspaces/computes/start/action");
        await api.GiveAsync("rita", "Reader", Lab);
        await api.GiveAsync("carl", "Reader", Team.Replace("team", "other", StringComparison.Ordinal));
        Answer started = await api.SendAsync("POST", Compute("desk") + "/start", who: "person-stella");
        started.Status.ShouldBe(202, started.Text);
        string poll = ApiUnderTest.Local(started.Headers["Azure-AsyncOperation"]);
        (await api.GetAsync(poll, "person-stella")).Status.ShouldBe(200);
        (await api.GetAsync(poll, "person-rita")).Status.ShouldBe(200, "she may read its target");
        (await api.GetAsync(poll, "person-carl")).Status.ShouldBe(403);
        (await api.GetAsync(poll, "person-nobody")).Status.ShouldBe(403);
        await api.EndAsync(started, "person-stella");
    }

    private static async Task StoppedAsync(ApiUnderTest api, string name)
    {
        await api.RunningAsync(name, who: "person-ann");
        await api.EndAsync(await api.SendAsync("POST", Compute(name) + "/stop", who: "person-ann"), "person-ann");
    }

    private static void Refused(Answer answer, string action, string scope)
    {
        answer.Status.ShouldBe(403, answer.Text);
        answer.Code.ShouldBe("AuthorizationFailed");
        answer.Message.ShouldContain($"'{action}'");
        answer.Message.ShouldContain($"'{scope}'");
        answer.Message.ShouldMatch("client '[a-z]+@contoso.com' with object id '[0-9a-f-]{36}'");
        JsonNode.Parse(answer.Text)!["error"]!["details"]!.AsArray().ShouldBeEmpty();
    }
}
