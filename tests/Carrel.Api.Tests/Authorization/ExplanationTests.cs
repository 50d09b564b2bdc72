using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Api.Tests.Support;
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
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("Microsoft.MachineLearningServices/workspaces/*/read")]
    public async Task An_action_is_one_operation(string action)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await api.GetAsync(Address(Lab, action), "person-ann")).Code.ShouldBe("InvalidAction");
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
