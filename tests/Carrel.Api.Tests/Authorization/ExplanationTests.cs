using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Api.Tests.Support;
using Carrel.Arm.Identity;
using Carrel.Instances.Lifecycle;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

public sealed class ExplanationTests
{
    private const string Delete = M + "/workspaces/computes/delete";

    [Fact]
    public async Task The_path_of_a_decision_is_shown_with_group_pattern_and_what_took_it_away()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveCustomAsync("bob", Lab, "*", notActions: Delete);
        api.People().Groups[Id("bob")] = [Id("crew")];
        await api.GiveAsync("crew", "AzureML Compute Operator", Team);
        await api.GiveAsync("bob", "Owner", Subscription + "/resourceGroups/elsewhere");
        JsonNode answer = await ExplainAsync(api, Id("bob").ToString(), Delete, Compute("desk"));
        answer["allowed"]!.GetValue<bool>().ShouldBeTrue();
        answer["groups"]!.AsArray().Single()!.GetValue<string>().ShouldBe(Id("crew").ToString());
        answer["assignments"]!.AsArray().Select(row => (Text(row!, "verdict"), Text(row!, "pattern"), Text(row!, "notPattern"), Text(row!, "throughGroup"))).ShouldBe(
        [
            ("Allows", M + "/workspaces/computes/*", null, Id("crew").ToString()),
            ("TakenAway", "*", Delete, null),
            ("ElsewhereOnly", null, null, null),
        ]);
        api.People().Groups[Id("bob")] = [];
        answer = await ExplainAsync(api, Id("bob").ToString(), Delete, Compute("desk"));
        answer["allowed"]!.GetValue<bool>().ShouldBeFalse();
        Text(answer, "reason")!.ShouldContain($"excludes it by '{Delete}'");
    }

    [Fact]
    public async Task Anybody_asks_about_themselves_and_only_readers_of_roles_about_others()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("bob", "AzureML Data Scientist", Lab);
        (await api.GetAsync(Address(Lab, Delete), "person-bob")).Body["allowed"]!.GetValue<bool>().ShouldBeFalse();
        (await api.GetAsync(Address(Lab, Delete, "BOB@contoso.com"), "person-bob")).Status.ShouldBe(200);
        (await api.GetAsync(Address(Lab, Delete, Id("ann").ToString()), "person-bob")).Code.ShouldBe("AuthorizationFailed");
        (await api.GetAsync(Address(Lab, Delete, "no-such-name"), "person-bob")).Code.ShouldBe("AuthorizationFailed", "nobody learns who exists");
        (await api.GetAsync(Address(Lab, Delete, "no-such-name"), "person-ann")).Code.ShouldBe("PrincipalNotFound");
        await api.Get<IDirectoryStore>().TryAddUserAsync(new DirectoryUser(Id("bob"), "bob@contoso.com", "Bob", "", DateTimeOffset.UtcNow), CancellationToken.None);
        JsonNode bob = await ExplainAsync(api, "Bob@contoso.com", M + "/workspaces/read", Lab);
        Text(bob["principal"]!, "id").ShouldBe(Id("bob").ToString());
        bob["allowed"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Opening_applications_is_explained_with_ownership()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.RunningAsync("desk", who: "person-ann");
        await api.GiveAsync("olga", "Owner", Subscription);
        string action = M + "/workspaces/computes/applicationaccess/action";
        JsonNode other = await ExplainAsync(api, Id("olga").ToString(), action, Compute("desk"));
        other["allowed"]!.GetValue<bool>().ShouldBeFalse();
        Text(other, "reason")!.ShouldContain($"belongs to '{Id("ann")}'");
        (await ExplainAsync(api, Id("ann").ToString(), action, Compute("desk")))["allowed"]!.GetValue<bool>().ShouldBeTrue();
        (await ExplainAsync(api, Id("olga").ToString(), M + "/workspaces/computes/stop/action", Compute("desk")))["allowed"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Every_call_that_is_the_owners_alone_is_explained_as_the_call_answers()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.RunningAsync("desk", who: "person-ann");
        await api.GiveAsync("olga", "Owner", Subscription);
        foreach (InstanceCall call in OwnerRule.OwnersAlone)
        {
            string word = JsonNamingPolicy.CamelCase.ConvertName(call.ToString());
            (await api.PostAsync("desk", word, """{"sshPublicKey":"k","enableSSO":true}""", "person-olga")).Code.ShouldBe("ComputeInstanceAccessDenied", word);
            string action = api.Operations.Single(operation => operation.Pattern.EndsWith("/computes/{computeName}/" + word, StringComparison.Ordinal)).Action!;
            JsonNode answer = await ExplainAsync(api, Id("olga").ToString(), action, Compute("desk"));
            answer["allowed"]!.GetValue<bool>().ShouldBeFalse(action);
            Text(answer, "reason")!.ShouldContain($"belongs to '{Id("ann")}'");
        }

        Text(await ExplainAsync(api, Id("olga").ToString(), M + "/workspaces/computes/enableSso/action", Compute("desk")), "reason")!.ShouldNotContain("applications");
        (await ExplainAsync(api, Id("olga").ToString(), M + "/workspaces/computes/updateSsoSettings/action", Compute("desk")))["allowed"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task The_owner_and_groups_have_names_for_those_who_read_roles()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        IDirectoryStore directory = api.Get<IDirectoryStore>();
        await directory.TryAddUserAsync(new DirectoryUser(Id("ann"), "ann@contoso.com", "Ann", "", DateTimeOffset.UtcNow), CancellationToken.None);
        await directory.TryAddGroupAsync(new DirectoryGroup(Id("crew"), "Crew", null, DateTimeOffset.UtcNow), CancellationToken.None);
        api.People().Groups[Id("bob")] = [Id("crew")];
        await api.GiveAsync("crew", "AzureML Compute Operator", Team);
        await api.RunningAsync("desk", who: "person-ann");
        string action = M + "/workspaces/computes/applicationaccess/action";
        JsonNode asked = await ExplainAsync(api, Id("bob").ToString(), action, Compute("desk"));
        Text(asked, "reason")!.ShouldContain("(ann@contoso.com)");
        Text(asked["assignments"]![0]!, "throughGroupName").ShouldBe("Crew");
        Answer self = await api.GetAsync(Address(Compute("desk"), action), "person-bob");
        Text(self.Body, "reason")!.ShouldNotContain("ann@contoso.com");
    }

    [Fact]
    public async Task Whoever_cannot_act_is_allowed_nothing()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        IDirectoryStore directory = api.Get<IDirectoryStore>();
        await directory.TryAddUserAsync(new DirectoryUser(Id("bob"), "bob@contoso.com", "Bob", "", DateTimeOffset.UtcNow) { Enabled = false }, CancellationToken.None);
        await directory.TryAddUserAsync(new DirectoryUser(Id("eve"), "eve@contoso.com", "Eve", "", DateTimeOffset.UtcNow) { MustChangePassword = true }, CancellationToken.None);
        await directory.TryAddServicePrincipalAsync(new ServicePrincipal(Id("nightly"), Guid.NewGuid(), "nightly", CallerKind.Application, DateTimeOffset.UtcNow) { Enabled = false }, [], CancellationToken.None);
        foreach ((string who, string name, string reason) in new[] { ("bob", "bob@contoso.com", "'carrel user enable'"), ("eve", "eve@contoso.com", "new password"), ("nightly", "nightly", "'carrel sp enable'") })
        {
            await api.GiveAsync(who, "Owner", Lab);
            JsonNode answer = await ExplainAsync(api, name, M + "/workspaces/read", Lab);
            answer["allowed"]!.GetValue<bool>().ShouldBeFalse(who);
            Text(answer, "reason")!.ShouldContain(reason);
        }
    }

    [Fact]
    public async Task Groups_and_programs_are_found_by_name()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        IDirectoryStore directory = api.Get<IDirectoryStore>();
        await directory.TryAddGroupAsync(new DirectoryGroup(Id("crew"), "Crew", null, DateTimeOffset.UtcNow), CancellationToken.None);
        foreach ((string id, string name) in new[] { ("nightly", "nightly"), ("one", "twin"), ("two", "Twin") })
            await directory.TryAddServicePrincipalAsync(new ServicePrincipal(Id(id), Guid.NewGuid(), name, CallerKind.Application, DateTimeOffset.UtcNow), [], CancellationToken.None);
        await api.GiveAsync("crew", "Reader", Lab);
        JsonNode crew = await ExplainAsync(api, "crew", M + "/workspaces/read", Lab);
        (Text(crew["principal"]!, "id"), Text(crew["principal"]!, "type"), crew["allowed"]!.GetValue<bool>()).ShouldBe((Id("crew").ToString(), "Group", true));
        JsonNode program = await ExplainAsync(api, "Nightly", M + "/workspaces/read", Lab);
        (Text(program["principal"]!, "id"), Text(program["principal"]!, "type")).ShouldBe((Id("nightly").ToString(), "ServicePrincipal"));
        Answer twins = await api.GetAsync(Address(Lab, M + "/workspaces/read", "twin"), "person-ann");
        (twins.Status, twins.Code).ShouldBe((400, "AmbiguousPrincipal"));
        twins.Message.ShouldContain(Id("two").ToString());
    }

    [Fact]
    public async Task An_instance_that_is_not_there_is_said_to_be_missing()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        string open = M + "/workspaces/computes/applicationaccess/action";
        Answer missing = await api.GetAsync(Address(Compute("desk"), open), "person-ann");
        (missing.Status, missing.Code).ShouldBe((404, "ResourceNotFound"));
        missing.Message.ShouldContain("'desk'");
        (await api.GetAsync(Address(Compute("desk"), open), "person-bob")).Body["allowed"]!.GetValue<bool>().ShouldBeFalse("the real call is 403, whatever is there");
        foreach (string call in new[] { "write", "delete" })
            (await api.GetAsync(Address(Compute("desk"), $"{M}/workspaces/computes/{call}"), "person-ann")).Body["allowed"]!.GetValue<bool>().ShouldBeTrue(call);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("Microsoft.MachineLearningServices/workspaces/*/read")]
    [InlineData("bogus")]
    [InlineData("start")]
    [InlineData("computes/start/action")]
    [InlineData("Microsoft.MachineLearningServices/workspaces/computes/strat/action")]
    [InlineData("Microsoft.Authorization/roleAssignments")]
    public async Task An_action_is_one_operation(string action)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await api.GetAsync(Address(Lab, action), "person-ann")).Code.ShouldBe("InvalidAction");
    }

    [Theory]
    [InlineData("keepAwake", "updateIdleShutdownSetting/action")]
    [InlineData("updateSshKey", "applicationaccess/action")]
    [InlineData("customServices", "updateCustomServices/action")]
    public async Task A_call_whose_operation_has_another_name_is_told_it(string call, string operation)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        foreach (string asked in new[] { call, $"{M}/workspaces/computes/{call}/action" })
        {
            Answer answer = await api.GetAsync(Address(Lab, asked), "person-ann");
            (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidAction", "action"));
            answer.Message.ShouldContain($"The call '{call}' asks for {M}/workspaces/computes/{operation}.");
        }
    }

    [Fact]
    public async Task Whatever_a_route_asks_for_can_be_explained()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        foreach (string action in api.Operations.Select(operation => operation.Action).OfType<string>().Distinct())
            (await api.GetAsync(Address(Lab, action), "person-ann")).Status.ShouldBe(200, action);
    }

    [Fact(DisplayName = "7.5 Links are shown to whoever has applicationaccessuilinks/action")]
    public async Task Links()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.RunningAsync("desk", who: "person-ann");
        await api.GiveAsync("rita", "Reader", Lab);
        await api.GiveAsync("dora", "AzureML Data Scientist", Lab);
        (await LinksAsync("person-rita", Compute("desk"), false)).ShouldBe(0);
        (await LinksAsync("person-rita", Lab + "/computes", true)).ShouldBe(0);
        (await LinksAsync("person-dora", Compute("desk"), false)).ShouldBe(2);
        (await LinksAsync("person-dora", Lab + "/computes", true)).ShouldBe(2);

        async Task<int> LinksAsync(string who, string path, bool list)
        {
            JsonNode body = (await api.GetAsync(path, who)).Body;
            return (list ? body["value"]![0]! : body)["properties"]!["properties"]!["applications"]!.AsArray().Count;
        }
    }

    private static string Address(string scope, string action, string? principal = null) =>
        $"{scope}/providers/Carrel.Access/accessExplanation?action={Uri.EscapeDataString(action)}{(principal is null ? "" : "&principal=" + Uri.EscapeDataString(principal))}";

    private static async Task<JsonNode> ExplainAsync(ApiUnderTest api, string principal, string action, string scope)
    {
        Answer answer = await api.GetAsync(Address(scope, action, principal), "person-ann");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Body;
    }

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();
}
