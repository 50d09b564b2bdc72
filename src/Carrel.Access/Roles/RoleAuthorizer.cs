using Carrel.Arm.Identity;

namespace Carrel.Access.Roles;

/// <summary>Decides from the stored assignments; a change takes effect with the next call (contract 7.2).</summary>
public sealed class RoleAuthorizer(IRoleAssignmentStore assignments) : IArmAuthorizer
{
    /// <inheritdoc/>
    public async ValueTask<AuthorizationDecision> AuthorizeAsync(Caller caller, string action, string scope, CancellationToken cancellation)
    {
        IReadOnlyList<RoleAssignment> own = await assignments.ListForPrincipalAsync(caller.ObjectId, cancellation);
        return RoleRules.Decide(own, BuiltInRoles.Find, action, scope);
    }
}
