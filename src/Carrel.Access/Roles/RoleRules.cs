using Carrel.Arm.Identity;

namespace Carrel.Access.Roles;

/// <summary>Decides who may do what where (contract 7.2). Pure.</summary>
public static class RoleRules
{
    /// <summary>Decides one action from the assignments of a principal.</summary>
    /// <param name="assignments">The principal's own assignments and those of its groups, at any scope.</param>
    /// <param name="findRole">Gives the definition of a role, or null when it is gone (such an assignment allows nothing).</param>
    /// <param name="action">The resource provider operation.</param>
    /// <param name="scope">Where it is to happen.</param>
    public static AuthorizationDecision Decide(
        IEnumerable<RoleAssignment> assignments, Func<Guid, RoleDefinition?> findRole, string action, string scope)
    {
        string? takenAway = null;
        foreach (RoleAssignment assignment in assignments)
        {
            if (!IsAtOrBelow(scope, assignment.Scope) || findRole(assignment.RoleDefinitionId) is not { } role)
                continue;
            foreach (RolePermission permission in role.Permissions)
            {
                if (!permission.Actions.Any(pattern => ActionPattern.Covers(pattern, action)))
                    continue;
                if (!permission.NotActions.Any(pattern => ActionPattern.Covers(pattern, action)))
                    return new AuthorizationDecision(true, $"Role '{role.RoleName}' at '{assignment.Scope}' (assignment {assignment.Id}) allows it.");
                takenAway = $"Role '{role.RoleName}' at '{assignment.Scope}' excludes '{action}', and no other role allows it.";
            }
        }

        return new AuthorizationDecision(false, takenAway ?? $"No role at '{scope}' or above allows '{action}'.");
    }

    /// <summary>Whether a scope is another one or lies below it, segment by segment and ignoring case: <c>rg1</c> does not cover <c>rg10</c>.</summary>
    public static bool IsAtOrBelow(string scope, string above)
    {
        ReadOnlySpan<char> inner = scope.AsSpan().TrimEnd('/');
        ReadOnlySpan<char> outer = above.AsSpan().TrimEnd('/');
        return inner.StartsWith(outer, StringComparison.OrdinalIgnoreCase) && (inner.Length == outer.Length || inner[outer.Length] == '/');
    }
}
