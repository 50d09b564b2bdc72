using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Engine.Idle;

namespace Carrel.Server.Composition;

/// <summary>The role assignments' answer to the identity rule (contract 4.4): the built-in Contributor or Owner, of the identity or a group it is in.</summary>
internal sealed class ContributorRights(IRoleAssignmentStore assignments, IPrincipalDirectory directory) : IContributorRights
{
    private static readonly HashSet<Guid> Sufficient = [.. BuiltInRoles.All.Where(role => role.RoleName is "Contributor" or "Owner").Select(role => role.Id)];

    /// <inheritdoc/>
    public async ValueTask<bool> IsContributorAsync(Guid principalId, string scope, CancellationToken cancellation)
    {
        foreach (Guid holder in (IEnumerable<Guid>)[principalId, .. await directory.GroupsOfAsync(principalId, cancellation)])
        {
            IReadOnlyList<RoleAssignment> held = await assignments.ListForPrincipalAsync(holder, cancellation);
            if (held.Any(assignment => Sufficient.Contains(assignment.RoleDefinitionId) && RoleRules.IsAtOrBelow(scope, assignment.Scope)))
                return true;
        }

        return false;
    }
}
