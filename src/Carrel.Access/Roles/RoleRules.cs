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
            AssignmentJudgement judgement = Judge(assignment, findRole, action, scope);
            if (judgement.Verdict == AssignmentVerdict.Allows)
                return new AuthorizationDecision(true, judgement.Sentence(action));
            if (judgement.Verdict == AssignmentVerdict.TakenAway)
                takenAway = judgement.Sentence(action);
        }

        return new AuthorizationDecision(
            false, takenAway is null ? $"No role at '{scope}' or above allows '{action}'." : $"{takenAway} No other role allows it.");
    }

    /// <summary>What one assignment means for an action at a scope. notActions subtract inside their own permission only.</summary>
    public static AssignmentJudgement Judge(RoleAssignment assignment, Func<Guid, RoleDefinition?> findRole, string action, string scope)
    {
        if (!IsAtOrBelow(scope, assignment.Scope))
            return new AssignmentJudgement(assignment, findRole(assignment.RoleDefinitionId), AssignmentVerdict.ElsewhereOnly);
        if (findRole(assignment.RoleDefinitionId) is not { } role)
            return new AssignmentJudgement(assignment, null, AssignmentVerdict.RoleIsGone);
        AssignmentJudgement judgement = new(assignment, role, AssignmentVerdict.DoesNotCover);
        foreach (RolePermission permission in role.Permissions)
        {
            if (Covering(permission.Actions, action) is not { } pattern)
                continue;
            if (Covering(permission.NotActions, action) is not { } except)
                return judgement with { Verdict = AssignmentVerdict.Allows, Pattern = pattern };
            judgement = judgement with { Verdict = AssignmentVerdict.TakenAway, Pattern = pattern, NotPattern = except };
        }

        return judgement;
    }

    /// <summary>Whether a role by itself allows an action.</summary>
    public static bool Allows(RoleDefinition role, string action) => role.Permissions.Any(
        permission => Covering(permission.Actions, action) is not null && Covering(permission.NotActions, action) is null);

    /// <summary>Whether a scope is another one or lies below it, segment by segment and ignoring case: <c>rg1</c> does not cover <c>rg10</c>.</summary>
    public static bool IsAtOrBelow(string scope, string above)
    {
        ReadOnlySpan<char> inner = scope.AsSpan().TrimEnd('/');
        ReadOnlySpan<char> outer = above.AsSpan().TrimEnd('/');
        return inner.StartsWith(outer, StringComparison.OrdinalIgnoreCase) && (inner.Length == outer.Length || inner[outer.Length] == '/');
    }

    private static string? Covering(IReadOnlyList<string> patterns, string action)
    {
        foreach (string pattern in patterns)
        {
            if (ActionPattern.Covers(pattern, action))
                return pattern;
        }

        return null;
    }
}
