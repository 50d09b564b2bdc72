using Carrel.Access.Roles;

namespace Carrel.Access.Tests.Roles;

public sealed class RoleRulesTests
{
    private const string M = "Microsoft.MachineLearningServices";
    private const string Workspace = "/subscriptions/s/resourceGroups/rg1/providers/" + M + "/workspaces/w";

    private static bool Allows(string action, string scope, params (string Role, string Scope)[] given) => RoleRules.Decide(
        given.Select(one => new RoleAssignment(
            Guid.NewGuid(), one.Scope, Guid.Empty, BuiltInRoles.All.Single(role => role.RoleName == one.Role).Id, "User", default)),
        BuiltInRoles.Find, action, scope).Allowed;

    [Theory]
    [InlineData("*", "X/read", true)]
    [InlineData("*/read", M + "/workspaces/read", true)]
    [InlineData(M + "/workspaces/*/read", M + "/workspaces/read", true)]
    [InlineData(M + "/workspaces/*/read", M + "/workspaces/computes/read", true)]
    [InlineData(M + "/workspaces/computes/*/write", M + "/workspaces/computes/write", true)]
    [InlineData(M + "/workspaces/computes/*", M + "/workspaces/computes/start/action", true)]
    [InlineData(M + "/workspaces/computes/*", M + "/workspaces/read", false)]
    [InlineData(M + "/workspaces/*/action", M + "/workspaces/computes/start/ACTION", true)]
    [InlineData(M + "/workspaces/read", M + "/workspaces/computes/read", false)]
    public void Statement_7_1_the_pattern_table_holds(string pattern, string action, bool covered) =>
        ActionPattern.Covers(pattern, action).ShouldBe(covered);

    [Theory]
    // Columns: read, write, delete, start, idle, applicationaccess, listKeys, name check, assign roles, policy writes (contract 7.3).
    [InlineData("Owner", "yyyyyyyyyy")]
    [InlineData("Contributor", "yyyyyyyynn")]
    [InlineData("Reader", "ynnnnnnnnn")]
    [InlineData("AzureML Data Scientist", "ynnyyynynn")]
    [InlineData("AzureML Compute Operator", "yyyyyyynnn")]
    [InlineData("User Access Administrator", "ynnnnnnnyy")]
    public void The_table_of_7_3_holds(string role, string expected)
    {
        string[] actions =
        [
            M + "/workspaces/computes/read", M + "/workspaces/computes/write", M + "/workspaces/computes/delete",
            M + "/workspaces/computes/start/action", M + "/workspaces/computes/updateIdleShutdownSetting/action",
            M + "/workspaces/computes/applicationaccess/action", M + "/workspaces/computes/listKeys/action",
            M + "/workspaces/checkComputeNameAvailability/action", "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/policyAssignments/write",
        ];
        string actual = string.Concat(actions.Select(action => Allows(action, Workspace, (role, "/subscriptions/s")) ? 'y' : 'n'));
        actual.ShouldBe(expected);
    }

    [Fact]
    public void Statement_7_3_roles_add_up() => Allows(
        M + "/workspaces/computes/write", Workspace, ("AzureML Data Scientist", Workspace), ("AzureML Compute Operator", Workspace)).ShouldBeTrue();

    [Fact]
    public void Statement_7_6_a_role_at_rg1_gives_nothing_in_rg10()
    {
        const string Read = M + "/workspaces/read";
        (string, string) reader = ("Reader", "/subscriptions/S/resourcegroups/RG1/");
        Allows(Read, Workspace, reader).ShouldBeTrue();
        Allows(Read, Workspace.Replace("rg1", "rg10", StringComparison.Ordinal), reader).ShouldBeFalse();
        Allows(Read, "/subscriptions/s", reader).ShouldBeFalse();
        Allows(Read, Workspace, ("Reader", "/")).ShouldBeTrue();
    }

    [Fact]
    public void Statement_7_7_notActions_subtract_inside_their_own_role_only()
    {
        const string Delete = M + "/workspaces/computes/delete";
        var careful = new RoleDefinition(Guid.NewGuid(), "Careful", [new RolePermission(["*"], [Delete], [], [])], ["/"], false);
        RoleDefinition? Find(Guid id) => id == careful.Id ? careful : BuiltInRoles.Find(id);
        var own = new RoleAssignment(Guid.NewGuid(), "/", Guid.Empty, careful.Id, "User", default);
        RoleRules.Decide([own], Find, Delete, Workspace).Allowed.ShouldBeFalse();
        RoleRules.Decide([own], Find, Delete, Workspace).Reason.ShouldContain("Careful");
        Guid compute = BuiltInRoles.All.Single(role => role.RoleName == "AzureML Compute Operator").Id;
        RoleRules.Decide([own, own with { RoleDefinitionId = compute }], Find, Delete, Workspace).Allowed.ShouldBeTrue();
    }

    [Fact]
    public void Statement_7_14_data_actions_give_no_action_and_a_role_that_is_gone_gives_nothing()
    {
        var data = new RoleDefinition(Guid.NewGuid(), "Data", [new RolePermission([], [], ["*"], [])], ["/"], false);
        var own = new RoleAssignment(Guid.NewGuid(), "/", Guid.Empty, data.Id, "User", default);
        RoleRules.Decide([own], _ => data, M + "/workspaces/computes/read", Workspace).Allowed.ShouldBeFalse();
        RoleRules.Decide([own], _ => null, M + "/workspaces/computes/read", Workspace).Allowed.ShouldBeFalse();
    }
}
