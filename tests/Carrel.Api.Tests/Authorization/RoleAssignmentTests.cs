using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Api.Tests.Support;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

public sealed class RoleAssignmentTests
{
    [Fact(DisplayName = "7.T16: a custom role is not given outside its assignable scopes")]
    public async Task Outside_the_assignable_scopes()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        var role = Guid.NewGuid();
        (await api.PutAsync(Definition(Lab, role), DefinitionBody("r", "*/read", Lab), "person-ann")).Status.ShouldBe(201);
        Answer outside = await api.PutAsync(Assignment(Team, Guid.NewGuid()), AssignmentBody(role, Id("bob")), "person-ann");
        (outside.Status, outside.Code).ShouldBe((400, "RoleAssignmentScopeNotAssignableToRoleDefinition"));
        (await api.PutAsync(Assignment(Lab, Guid.NewGuid()), AssignmentBody(role, Id("bob")), "person-ann")).Status.ShouldBe(201);
    }

    [Fact(DisplayName = "7.T18: a role written at the workspace is given by its id at the subscription to somebody unknown; DELETE 200, then 204")]
    public async Task Cited_at_the_subscription()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        var role = Guid.NewGuid();
        (await api.PutAsync(Definition(Lab, role), DefinitionBody("r", "*/read", Lab), "person-ann")).Status.ShouldBe(201);
        var id = Guid.NewGuid();
        var nobodyYet = Guid.NewGuid();
        Answer given = await api.PutAsync(Assignment(Lab, id), AssignmentBody(role, nobodyYet), "person-ann");
        given.Status.ShouldBe(201, given.Text);
        JsonNode properties = given.Body["properties"]!;
        properties["scope"]!.GetValue<string>().ShouldBe(Lab);
        properties["roleDefinitionId"]!.GetValue<string>().ShouldBe(Definition(Subscription, role));
        properties["principalId"]!.GetValue<string>().ShouldBe(nobodyYet.ToString());
        properties["principalType"]!.GetValue<string>().ShouldBe("User");
        properties["createdOn"]!.GetValue<string>().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$");
        given.Body["id"]!.GetValue<string>().ShouldBe(Assignment(Lab, id));
        (await api.SendAsync("DELETE", Assignment(Lab, id), who: "person-ann")).Status.ShouldBe(200);
        (await api.SendAsync("DELETE", Assignment(Lab, id), who: "person-ann")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task The_same_role_is_given_once_and_the_same_call_again_changes_nothing()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        var id = Guid.NewGuid();
        string body = AssignmentBody(Role("Reader"), Id("bob"));
        (await api.PutAsync(Assignment(Lab, id), body, "person-ann")).Status.ShouldBe(201);
        (await api.PutAsync(Assignment(Lab, id), body, "person-ann")).Status.ShouldBe(201, "templates are deployed more than once");
        (await api.PutAsync(Assignment(Lab.ToUpperInvariant(), Guid.NewGuid()), body, "person-ann")).Code.ShouldBe("RoleAssignmentExists");
        (await api.PutAsync(Assignment(Lab, id), AssignmentBody(Role("Reader"), Id("carl")), "person-ann")).Code.ShouldBe("RoleAssignmentUpdateNotPermitted");
        (await api.PutAsync(Assignment(Team, id), body, "person-ann")).Code.ShouldBe("RoleAssignmentUpdateNotPermitted");
    }

    [Fact]
    public async Task A_principal_is_what_the_directory_says_and_an_unknown_one_what_the_body_says()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        api.People().Types[Id("group")] = PrincipalType.Group;
        (await GiveAsync(api, Id("group"), null)).Body["properties"]!["principalType"]!.GetValue<string>().ShouldBe("Group");
        (await GiveAsync(api, Id("group"), "user")).Code.ShouldBe("UnmatchedPrincipalType");
        (await GiveAsync(api, Guid.NewGuid(), null)).Code.ShouldBe("PrincipalNotFound");
        (await GiveAsync(api, Guid.NewGuid(), "7")).Code.ShouldBe("InvalidPrincipalType");
        (await GiveAsync(api, Guid.NewGuid(), "serviceprincipal")).Body["properties"]!["principalType"]!.GetValue<string>().ShouldBe("ServicePrincipal");

        static Task<Answer> GiveAsync(ApiUnderTest api, Guid principal, string? type) =>
            api.PutAsync(Assignment(Lab, Guid.NewGuid()), AssignmentBody(Role("Reader"), principal, type), "person-ann");
    }

    [Theory]
    [InlineData("/resourceGroups/nothing", "ResourceGroupNotFound")]
    [InlineData("/resourceGroups/team/providers/Microsoft.MachineLearningServices/workspaces/nothing", "ResourceNotFound")]
    [InlineData("/resourceGroups/team/providers/Microsoft.MachineLearningServices/workspaces/lab/computes/nothing", "ResourceNotFound")]
    public async Task A_role_is_given_on_what_exists(string scope, string code)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        Answer answer = await api.PutAsync(Assignment(Subscription + scope, Guid.NewGuid()), AssignmentBody(Role("Reader"), Id("bob")), "person-ann");
        (answer.Status, answer.Code).ShouldBe((404, code));
    }

    [Fact]
    public async Task Roles_on_identities_and_subnets_can_be_given()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        foreach (string resource in new[] { "Microsoft.ManagedIdentity/userAssignedIdentities/robot", "Microsoft.Network/virtualNetworks/net/subnets/inner" })
        {
            Answer answer = await api.PutAsync(Assignment($"{Team}/providers/{resource}", Guid.NewGuid()), AssignmentBody(Role("Reader"), Id("bob")), "person-ann");
            answer.Status.ShouldBe(201, answer.Text);
        }
    }

    [Fact]
    public async Task Lists_have_the_scope_above_and_below_and_filters_narrow_them()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        Guid above = await api.GiveAsync("bob", "Reader", Subscription);
        Guid here = await api.GiveAsync("carl", "Reader", Team);
        Guid below = await api.GiveAsync("bob", "Contributor", Lab);
        Guid beside = await api.GiveAsync("bob", "Reader", Subscription + "/resourceGroups/teams");
        Guid[] all = await ListAsync(api, "");
        all.ShouldContain(above);
        all.ShouldContain(here);
        all.ShouldContain(below);
        all.ShouldNotContain(beside);
        (await ListAsync(api, "atScope()")).ShouldNotContain(below);
        (await ListAsync(api, $"principalId eq '{Id("bob")}'")).ShouldBe([above, below], ignoreOrder: true);
        (await ListAsync(api, $"principalId eq {Id("bob")} and atScope()")).ShouldBe([above]);
        api.People().Groups[Id("dora")] = [Id("carl")];
        (await ListAsync(api, $"assignedTo('{Id("dora")}')")).ShouldBe([here]);
        (await api.GetAsync($"{Team}/providers/Microsoft.Authorization/roleAssignments?$filter={Uri.EscapeDataString("assignedTo('x')")}", "person-ann")).Code.ShouldBe("InvalidFilter");

        static async Task<Guid[]> ListAsync(ApiUnderTest api, string filter)
        {
            Answer answer = await api.GetAsync($"{Team}/providers/Microsoft.Authorization/roleAssignments?$filter={Uri.EscapeDataString(filter)}", "person-ann");
            answer.Status.ShouldBe(200, answer.Text);
            answer.Body["value"]!.AsArray().ShouldAllBe(row => row!["properties"]!["scope"] != null);
            return [.. answer.Body["value"]!.AsArray().Select(row => Guid.Parse(row!["name"]!.GetValue<string>()))];
        }
    }

    [Fact]
    public async Task An_assignment_is_found_and_deleted_at_its_own_scope_only()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.GiveAsync("owen", "Owner", Lab);
        Guid elsewhere = await api.GiveAsync("bob", "Reader", Team);
        (await api.GetAsync(Assignment(Team, elsewhere), "person-ann")).Status.ShouldBe(200);
        (await api.GetAsync(Assignment(Lab, elsewhere), "person-ann")).Code.ShouldBe("RoleAssignmentNotFound");
        (await api.SendAsync("DELETE", Assignment(Lab, elsewhere), who: "person-owen")).Status.ShouldBe(204);
        (await api.GetAsync(Assignment(Team, elsewhere), "person-ann")).Status.ShouldBe(200, "a right at the lab reached the group");
    }

    [Theory]
    [InlineData("""{"properties":{"roleDefinitionId":"x","principalId":"11111111-1111-1111-1111-111111111111","principalType":"User"}}""", "InvalidRoleDefinitionId")]
    [InlineData("""{"properties":{"principalId":"11111111-1111-1111-1111-111111111111","principalType":"User"}}""", "InvalidRoleDefinitionId")]
    [InlineData("""{"properties":{"roleDefinitionId":"acdd72a7-3385-48ef-bd42-f606fba81ae7","principalId":"ann","principalType":"User"}}""", "InvalidPrincipalId")]
    [InlineData("""{"properties":{"roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/00000000-3385-48ef-bd42-f606fba81ae7","principalId":"11111111-1111-1111-1111-111111111111","principalType":"User"}}""", "RoleDefinitionDoesNotExist")]
    [InlineData("""{"properties":{"roleDefinitionId":"acdd72a7-3385-48ef-bd42-f606fba81ae7","principalId":"11111111-1111-1111-1111-111111111111","principalType":"User","condition":"@Resource[x] StringEquals 'y'"}}""", "ConditionsNotSupported")]
    public async Task Bad_bodies_are_refused_with_a_code(string body, string code)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await api.PutAsync(Assignment(Lab, Guid.NewGuid()), body, "person-ann")).Code.ShouldBe(code);
        (await api.PutAsync($"{Lab}/providers/Microsoft.Authorization/roleAssignments/mine", body, "person-ann")).Code.ShouldBe("InvalidRoleAssignmentId");
    }

    [Fact]
    public async Task Roles_on_a_resource_go_with_it_so_that_nobody_inherits_them_with_the_name()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await api.RunningAsync("desk", who: "person-ann");
        await api.GiveAsync("bob", "Contributor", Compute("desk"));
        (await api.GetAsync(Compute("desk"), "person-bob")).Status.ShouldBe(200);
        await api.EndAsync(await api.SendAsync("DELETE", Compute("desk"), who: "person-ann"), "person-ann");
        await api.RunningAsync("desk", who: "person-ann");
        (await api.GetAsync(Compute("desk"), "person-bob")).Status.ShouldBe(403);
    }
}
