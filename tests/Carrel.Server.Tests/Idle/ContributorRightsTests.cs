using Carrel.Access.Roles;
using Carrel.Server.Composition;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Idle;

/// <summary>Which role assignments of an identity allow an idle stop (contract 4.4).</summary>
public sealed class ContributorRightsTests
{
    private const string Workspace = "/subscriptions/s1/resourceGroups/team/providers/Microsoft.MachineLearningServices/workspaces/lab";

    [Theory]
    [InlineData("Contributor", Workspace, true)]
    [InlineData("Owner", Workspace, true)]
    [InlineData("Contributor", "/SUBSCRIPTIONS/S1/resourcegroups/TEAM", true)]
    [InlineData("Owner", "/subscriptions/s1", true)]
    [InlineData("Owner", "/", true)]
    [InlineData("Contributor", Workspace + "/computes/desk", false)]
    [InlineData("Contributor", Workspace + "2", false)]
    [InlineData("Contributor", "/subscriptions/s2", false)]
    [InlineData("Reader", "/subscriptions/s1", false)]
    [InlineData("AzureML Data Scientist", Workspace, false)]
    [InlineData("AzureML Compute Operator", Workspace, false)]
    public void Contributor_or_Owner_of_the_workspace_or_above_suffice(string role, string scope, bool suffices) => ContributorRights.Suffices(
        new RoleAssignment(Guid.NewGuid(), scope, Guid.NewGuid(), BuiltInRoles.All.Single(one => one.RoleName == role).Id, "ServicePrincipal", DateTimeOffset.UnixEpoch),
        Workspace).ShouldBe(suffices);
}
