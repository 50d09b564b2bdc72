using Carrel.Arm.Identity;

namespace Carrel.Access.Roles;

/// <summary>Decides from the stored assignments; a change takes effect with the next call (contract 7.2).</summary>
public sealed class RoleAuthorizer(PrincipalRoles principals) : IArmAuthorizer
{
    /// <inheritdoc/>
    public async ValueTask<AuthorizationDecision> AuthorizeAsync(Caller caller, string action, string scope, CancellationToken cancellation)
    {
        HeldRoles held = await principals.OfAsync(caller.ObjectId, cancellation);
        return RoleRules.Decide(held.Assignments, held.FindRole, action, scope);
    }
}
