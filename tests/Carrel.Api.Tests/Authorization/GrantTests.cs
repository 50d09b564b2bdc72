using Carrel.Api.Tests.Support;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

/// <summary>Nobody can grant what they do not hold.</summary>
public sealed class GrantTests
{
    private const string GiveRoles = "Microsoft.Authorization/roleAssignments/write";

    [Theory]
    [InlineData("Owner", "Owner", "bob", 201)]
    [InlineData("Owner", "Owner", "zoe", 201)]
    [InlineData("User Access Administrator", "Contributor", "bob", 201)]
    [InlineData("User Access Administrator", "User Access Administrator", "bob", 201)]
    [InlineData("User Access Administrator", "Owner", "bob", 403)]
    [InlineData("User Access Administrator", "Contributor", "zoe", 403)]
    [InlineData("User Access Administrator", "Reader", "zoe", 201)]
    [InlineData("Role Based Access Control Administrator", "AzureML Data Scientist", "bob", 201)]
    [InlineData("Role Based Access Control Administrator", "Owner", "bob", 403)]
    [InlineData("Role Based Access Control Administrator", "User Access Administrator", "bob", 403)]
    [InlineData("Contributor", "Reader", "bob", 403)]
    [InlineData("Reader", "Reader", "bob", 403)]
    public async Task Built_in_roles_give(string holds, string gives, string to, int status)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("zoe", holds, Team);
        Answer answer = await api.PutAsync(Assignment(Lab, Guid.NewGuid()), AssignmentBody(Role(gives), Id(to)), "person-zoe");
        answer.Status.ShouldBe(status, answer.Text);
        if (status == 403)
            answer.Code.ShouldBe("AuthorizationFailed");
    }

    [Fact]
    public async Task A_right_below_gives_nothing_above_and_a_custom_role_gives_what_it_holds()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("owen", "Owner", Lab);
        (await api.PutAsync(Assignment(Team, Guid.NewGuid()), AssignmentBody(Role("Reader"), Id("owen")), "person-owen")).Status.ShouldBe(403);
        await api.GiveCustomAsync("tim", Lab, $"{GiveRoles} */read");
        (await api.PutAsync(Assignment(Lab, Guid.NewGuid()), AssignmentBody(Role("Reader"), Id("bob")), "person-tim")).Status.ShouldBe(201);
        Answer more = await api.PutAsync(Assignment(Lab, Guid.NewGuid()), AssignmentBody(Role("AzureML Compute Operator"), Id("bob")), "person-tim");
        more.Status.ShouldBe(403);
        more.Message.ShouldContain("nobody can grant what they do not hold");
        more.Message.ShouldContain("'Microsoft.MachineLearningServices/workspaces/computes/*'");
    }

    [Fact]
    public async Task Nobody_gives_themselves_more_by_way_of_a_group()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("uma", "User Access Administrator", Lab);
        string body = AssignmentBody(Role("Contributor"), Id("crew"), "Group");
        api.People().Groups[Id("uma")] = [Id("crew")];
        (await api.PutAsync(Assignment(Lab, Guid.NewGuid()), body, "person-uma")).Status.ShouldBe(403);
        api.People().Groups[Id("uma")] = [];
        (await api.PutAsync(Assignment(Lab, Guid.NewGuid()), body, "person-uma")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Whoever_holds_a_custom_role_cannot_write_more_into_it()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        Guid role = await api.GiveCustomAsync("eva", Subscription, "Microsoft.Authorization/roleDefinitions/* */read");
        Answer more = await api.PutAsync(Definition(Subscription, role), DefinitionBody("mine", "*", Subscription), "person-eva");
        (more.Status, more.Code).ShouldBe((403, "AuthorizationFailed"));
        (await api.PutAsync(Definition(Subscription, role), DefinitionBody("mine", "Microsoft.Authorization/roleDefinitions/*", Subscription), "person-eva")).Status.ShouldBe(201, "less is no escalation");
    }

    [Fact]
    public async Task A_role_is_written_by_whoever_may_at_every_scope_it_reaches()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("owen", "Owner", Lab);
        Answer wide = await api.PutAsync(Definition(Lab, Guid.NewGuid()), DefinitionBody("wide", "*/read", Subscription), "person-owen");
        wide.Status.ShouldBe(403);
        wide.Message.ShouldContain($"'{Subscription}'");
        var id = Guid.NewGuid();
        (await api.PutAsync(Definition(Lab, id), DefinitionBody("own", "*/read", Lab), "person-owen")).Status.ShouldBe(201);
        (await api.PutAsync(Definition(Subscription, id), DefinitionBody("own", "*/read", Subscription), "person-ann")).Status.ShouldBe(201);
        (await api.PutAsync(Definition(Lab, id), DefinitionBody("own", "*/read", Lab), "person-owen")).Status.ShouldBe(403, "the role reaches the subscription now");
        (await api.SendAsync("DELETE", Definition(Lab, id), who: "person-owen")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task The_last_Owner_of_the_subscription_stays()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        Guid ann = Guid.Parse((await api.GetAsync($"{Subscription}/providers/Microsoft.Authorization/roleAssignments", "person-ann")).Body["value"]![0]!["name"]!.GetValue<string>());
        var directory = api.Get<Carrel.Access.Directory.IDirectoryStore>();
        foreach (string name in new[] { "ann", "bob" })
            await directory.TryAddUserAsync(new Carrel.Access.Directory.DirectoryUser(Id(name), name + "@contoso.com", name, "", DateTimeOffset.UtcNow), CancellationToken.None);
        await api.GiveAsync("ghost", "Owner", Subscription);
        Answer last = await api.SendAsync("DELETE", Assignment(Subscription, ann), who: "person-ann");
        (last.Status, last.Code).ShouldBe((409, "LastOwner"), "somebody whom the directory does not know cannot sign in");
        await api.GiveAsync("bob", "Owner", Subscription);
        (await api.SendAsync("DELETE", Assignment(Subscription, ann), who: "person-ann")).Status.ShouldBe(200);
        (await api.GetAsync(Lab, "person-ann")).Status.ShouldBe(403, "it takes effect at once");
    }

    [Fact]
    public async Task A_custom_role_goes_on_giving_roles_to_the_last_who_administers_by_it()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.Get<Carrel.Access.Directory.IDirectoryStore>().TryAddUserAsync(
            new Carrel.Access.Directory.DirectoryUser(Id("eva"), "eva@contoso.com", "eva", "", DateTimeOffset.UtcNow), CancellationToken.None);
        Guid role = await api.GiveCustomAsync("eva", Subscription, GiveRoles);
        Answer less = await api.PutAsync(Definition(Subscription, role), DefinitionBody("mine", "*/read", Subscription), "person-ann");
        (less.Status, less.Code).ShouldBe((409, "LastAdministrator"));
        less.Message.ShouldContain("another person");
        (await api.PutAsync(Definition(Subscription, role), DefinitionBody("mine", "Microsoft.Authorization/*", Subscription), "person-ann")).Status.ShouldBe(201, "it still gives roles");
    }
}
