using System.Text.Json.Nodes;
using Carrel.Api.Tests.Support;
using static Carrel.Api.Tests.Authorization.RolesUnderTest;

namespace Carrel.Api.Tests.Authorization;

public sealed class RoleDefinitionTests
{
    private static readonly Guid Mine = Guid.Parse("5f0c2b1e-0000-4000-8000-000000000001");

    [Fact(DisplayName = "7.T10: an action with two stars is refused")]
    public async Task Two_stars()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        Answer answer = await WriteAsync(api, DefinitionBody("cost", "Microsoft.CostManagement/*/query/*", Subscription));
        (answer.Status, answer.Code, answer.Target).ShouldBe((400, "InvalidActionOrNotAction", "properties.permissions[0].actions[0]"));
        (await WriteAsync(api, DefinitionBody("cost", "Microsoft.CostManagement/*/query/action", Subscription))).Status.ShouldBe(201, "other namespaces are not checked");
    }

    [Theory]
    [InlineData("Microsoft.MachineLearningServices/workspaces/computers/read", 400)]
    [InlineData("Microsoft.MachineLearningServices/workspaces/computes/fly/action", 400)]
    [InlineData("microsoft.machinelearningservices/WORKSPACES/computes/*", 201)]
    [InlineData("Microsoft.MachineLearningServices/workspaces/*/read", 201)]
    [InlineData("*/read", 201)]
    [InlineData("read\\u0020all", 400)]
    public async Task Actions_of_machine_learning_match_a_known_operation(string action, int status)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await WriteAsync(api, DefinitionBody("r", action, Subscription))).Status.ShouldBe(status);
        if (action[0] != '*')
            (await WriteAsync(api, DefinitionBody("r", "*", Subscription, notActions: action))).Status.ShouldBe(status, "a misspelled notAction takes nothing away");
    }

    [Theory]
    [InlineData("", "InvalidAssignableScopes")]
    [InlineData("/", "InvalidAssignableScopes")]
    [InlineData(Subscription + "/resourceGroups/*", "InvalidAssignableScopes")]
    [InlineData("subscriptions/x", "InvalidAssignableScopes")]
    [InlineData(Subscription + "/resourceGroups", "InvalidAssignableScopes")]
    [InlineData("/subscriptions/nope", "InvalidAssignableScopes")]
    [InlineData(Subscription + "0", "InvalidAssignableScopes")]
    public async Task Assignable_scopes_are_some_and_none_is_everything(string scopes, string code)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        Answer answer = await WriteAsync(api, DefinitionBody("r", "*/read", scopes));
        (answer.Status, answer.Code).ShouldBe((400, code));
    }

    [Fact]
    public async Task Every_fault_is_told_at_once()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        Answer answer = await WriteAsync(api, DefinitionBody("", "a/*/b/* Microsoft.MachineLearningServices/nothing", "/"));
        answer.Status.ShouldBe(400);
        answer.Body["error"]!["details"]!.AsArray().Select(detail => detail!["target"]!.GetValue<string>()).ShouldBe(
            ["properties.roleName", "properties.permissions[0].actions[0]", "properties.permissions[0].actions[1]", "properties.assignableScopes[0]"]);
    }

    [Fact]
    public async Task A_name_belongs_to_one_role_ignoring_case_built_in_ones_included()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await WriteAsync(api, DefinitionBody("Operators", "*/read", Subscription))).Status.ShouldBe(201);
        Answer again = await api.PutAsync(Definition(Subscription, Guid.NewGuid()), DefinitionBody("OPERATORS", "*/read", Subscription), "person-ann");
        (again.Status, again.Code).ShouldBe((409, "RoleDefinitionWithSameNameExists"));
        (await api.PutAsync(Definition(Subscription, Guid.NewGuid()), DefinitionBody("reader", "*/read", Subscription), "person-ann")).Code.ShouldBe("RoleDefinitionWithSameNameExists");
        Answer changed = await WriteAsync(api, DefinitionBody("operators", "*/read", Subscription));
        changed.Status.ShouldBe(201, "a role keeps its own name, and an update answers 201 too");
        Text(changed.Body, "properties", "roleName").ShouldBe("operators");
        Text(changed.Body, "properties", "type").ShouldBe("CustomRole");
    }

    [Fact(DisplayName = "7.T19: a list at a resource group finds by name a custom role whose assignable scope is the subscription")]
    public async Task Found_below_its_scope()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await WriteAsync(api, DefinitionBody("Lab helper's", "*/read", Subscription))).Status.ShouldBe(201);
        string filter = Uri.EscapeDataString("roleName eq 'LAB HELPER''S'");
        JsonArray found = (await api.GetAsync($"{Team}/providers/Microsoft.Authorization/roleDefinitions?$filter={filter}", "person-ann")).Body["value"]!.AsArray();
        found.ShouldHaveSingleItem();
        Text(found[0]!, "name").ShouldBe(Mine.ToString());
        Text(found[0]!, "id").ShouldBe(Definition(Subscription, Mine));
    }

    [Fact]
    public async Task A_list_has_the_built_in_roles_and_the_custom_ones_of_the_scope_or_above()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await WriteAsync(api, DefinitionBody("of the lab", "*/read", Lab))).Status.ShouldBe(201);
        (await ListAsync(api, Subscription, "")).Length.ShouldBe(9, "the built-in ones");
        (await ListAsync(api, Lab, "")).Length.ShouldBe(10);
        (await ListAsync(api, Compute("desk"), "type eq 'CustomRole'")).ShouldHaveSingleItem();
        (await ListAsync(api, Subscription, "atScopeAndBelow() and type eq 'CustomRole'")).ShouldHaveSingleItem();
        (await ListAsync(api, Lab, "type eq 'BuiltInRole'")).Length.ShouldBe(9);
        (await api.GetAsync($"{Lab}/providers/Microsoft.Authorization/roleDefinitions?$filter={Uri.EscapeDataString("colour eq 'red'")}", "person-ann")).Code.ShouldBe("InvalidFilter");
    }

    [Fact]
    public async Task A_role_is_found_by_its_id_under_any_scope_and_built_in_ones_by_everybody_at_the_root()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        (await api.PutAsync(Definition(Lab, Mine), DefinitionBody("r", "*/read", Lab), "person-ann")).Status.ShouldBe(201);
        (await api.GetAsync(Definition(Subscription, Mine), "person-ann")).Status.ShouldBe(200);
        (await api.GetAsync(Definition(Compute("desk"), Mine), "person-ann")).Status.ShouldBe(200);
        (await api.GetAsync(Definition("", Mine), "person-nobody")).Status.ShouldBe(404, "what people wrote is not shown to everybody");
        (await api.GetAsync(Definition("", Role("Reader")), "person-nobody")).Status.ShouldBe(200);
        (await api.GetAsync(Definition(Lab, Role("Reader")), "person-nobody")).Status.ShouldBe(403);
        (await api.GetAsync(Definition(Lab, Guid.NewGuid()), "person-ann")).Code.ShouldBe("RoleDefinitionDoesNotExist");
    }

    [Fact]
    public async Task A_role_is_deleted_once_nobody_holds_it_and_an_absent_one_answers_204()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await WriteAsync(api, DefinitionBody("r", "*/read", Subscription));
        var assignment = Guid.NewGuid();
        (await api.PutAsync(Assignment(Lab, assignment), AssignmentBody(Mine, Id("bob")), "person-ann")).Status.ShouldBe(201);
        Answer held = await api.SendAsync("DELETE", Definition(Subscription, Mine), who: "person-ann");
        (held.Status, held.Code).ShouldBe((409, "RoleDefinitionHasAssignments"));
        (await api.SendAsync("DELETE", Assignment(Lab, assignment), who: "person-ann")).Status.ShouldBe(200);
        (await api.SendAsync("DELETE", Definition(Subscription, Mine), who: "person-ann")).Status.ShouldBe(200);
        (await api.SendAsync("DELETE", Definition(Subscription, Mine), who: "person-ann")).Status.ShouldBe(204);
        (await api.SendAsync("DELETE", Definition(Subscription, Role("Reader")), who: "person-ann")).Code.ShouldBe("BuiltInRoleCannotBeChanged");
        (await api.PutAsync(Definition(Subscription, Role("Reader")), DefinitionBody("Reader", "*", Subscription), "person-ann")).Code.ShouldBe("BuiltInRoleCannotBeChanged");
    }

    [Fact]
    public async Task The_scopes_of_a_role_that_is_given_cannot_shrink_below_its_assignments()
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        await WriteAsync(api, DefinitionBody("r", "*/read", Subscription));
        (await api.PutAsync(Assignment(Team, Guid.NewGuid()), AssignmentBody(Mine, Id("bob")), "person-ann")).Status.ShouldBe(201);
        (await WriteAsync(api, DefinitionBody("r", "*/read", Lab))).Code.ShouldBe("InvalidAssignableScopes");
        (await WriteAsync(api, DefinitionBody("r", "*/read", Team))).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("""{"properties":[]}""")]
    [InlineData("""{"properties":{"roleName":7}}""")]
    [InlineData("""{"properties":{"roleName":"r","permissions":[7],"assignableScopes":["/subscriptions/s"]}}""")]
    [InlineData("""{"properties":{"roleName":"r","permissions":[{"actions":"*"}],"assignableScopes":["/subscriptions/s"]}}""")]
    [InlineData("""{"properties":{"roleName":"r","type":"BuiltInRole","permissions":[{"actions":["*"]}],"assignableScopes":["/subscriptions/s"]}}""")]
    public async Task Bodies_of_another_shape_are_refused(string body)
    {
        await using ApiUnderTest api = await RolesUnderTest.StartAsync();
        Answer answer = await WriteAsync(api, body);
        answer.Status.ShouldBe(400, answer.Text);
        answer.Target.ShouldNotBeNull();
    }

    private static Task<Answer> WriteAsync(ApiUnderTest api, string body) => api.PutAsync(Definition(Subscription, Mine), body, "person-ann");

    private static async Task<JsonNode?[]> ListAsync(ApiUnderTest api, string scope, string filter)
    {
        Answer answer = await api.GetAsync($"{scope}/providers/Microsoft.Authorization/roleDefinitions?$filter={Uri.EscapeDataString(filter)}", "person-ann");
        answer.Status.ShouldBe(200, answer.Text);
        return [.. answer.Body["value"]!.AsArray()];
    }

    private static string Text(JsonNode node, params string[] path) => path.Aggregate(node, (at, name) => at[name]!).GetValue<string>();
}
