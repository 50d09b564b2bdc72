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
            if (held.Any(assignment => Suffices(assignment, scope)))
                return true;
        }

        return false;
    }

    /// <summary>Whether an assignment is one of Contributor or Owner at a scope or above. A role that only covers the same actions is not what the rule asks for.</summary>
    internal static bool Suffices(RoleAssignment assignment, string scope) =>
        Sufficient.Contains(assignment.RoleDefinitionId) && RoleRules.IsAtOrBelow(scope, assignment.Scope);
}
