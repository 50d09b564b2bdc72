namespace Carrel.Access.Roles;

/// <summary>What one assignment means for one action.</summary>
public enum AssignmentVerdict
{
    /// <summary>It allows the action.</summary>
    Allows,

    /// <summary>Its role covers the action, and takes it away again by a notAction.</summary>
    TakenAway,

    /// <summary>Its role does not cover the action.</summary>
    DoesNotCover,

    /// <summary>It lies neither at the scope nor above.</summary>
    ElsewhereOnly,

    /// <summary>Its role was deleted: it allows nothing.</summary>
    RoleIsGone,
}

/// <summary>One assignment, and why it does or does not allow an action.</summary>
/// <param name="Assignment">The assignment.</param>
/// <param name="Role">Its role, or null when it is gone.</param>
/// <param name="Verdict">What it means.</param>
public sealed record AssignmentJudgement(RoleAssignment Assignment, RoleDefinition? Role, AssignmentVerdict Verdict)
{
    /// <summary>The pattern of the role's actions that covers the action, or null.</summary>
    public string? Pattern { get; init; }

    /// <summary>The pattern of its notActions that takes it away, or null.</summary>
    public string? NotPattern { get; init; }

    /// <summary>The verdict as a sentence.</summary>
    public string Sentence(string action)
    {
        string role = $"Role '{Role?.RoleName}' at '{Assignment.Scope}' (assignment {Assignment.Id:D})";
        return Verdict switch
        {
            AssignmentVerdict.Allows => $"{role} allows it by '{Pattern}'.",
            AssignmentVerdict.TakenAway => $"{role} covers '{action}' by '{Pattern}' and excludes it by '{NotPattern}'.",
            AssignmentVerdict.DoesNotCover => $"{role} does not cover '{action}'.",
            AssignmentVerdict.ElsewhereOnly => $"{role} lies neither at the scope nor above it.",
            _ => $"The role of the assignment {Assignment.Id:D} at '{Assignment.Scope}' was deleted; it allows nothing.",
        };
    }
}
