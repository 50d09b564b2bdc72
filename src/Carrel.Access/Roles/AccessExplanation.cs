using Carrel.Access.Directory;
using Carrel.Arm.Identity;

namespace Carrel.Access.Roles;

/// <summary>Why a principal may or may not do something, assignment by assignment.</summary>
/// <param name="Decision">The decision, the same one that a call would meet.</param>
/// <param name="Steps">What each assignment means; those that decide come first.</param>
/// <param name="Groups">The groups that the principal belongs to.</param>
public sealed record AccessExplanation(AuthorizationDecision Decision, IReadOnlyList<ExplainedAssignment> Steps, IReadOnlyList<Guid> Groups);

/// <summary>One assignment of an explanation.</summary>
/// <param name="Judgement">What it means.</param>
/// <param name="ThroughGroup">The group that holds it; null when the principal itself does.</param>
public sealed record ExplainedAssignment(AssignmentJudgement Judgement, Guid? ThroughGroup);

/// <summary>Explains decisions by the rules that make them.</summary>
public sealed class AccessExplainer(PrincipalRoles principals, IPrincipalDirectory directory)
{
    /// <summary>Explains one action.</summary>
    public async Task<AccessExplanation> ExplainAsync(Guid principalId, string action, string scope, CancellationToken cancellation)
    {
        HeldRoles held = await principals.OfAsync(principalId, cancellation);
        IEnumerable<ExplainedAssignment> steps = held.Assignments
            .Select(assignment => RoleRules.Judge(assignment, held.FindRole, action, scope))
            .OrderBy(judgement => judgement.Verdict)
            .Select(judgement => new ExplainedAssignment(judgement, judgement.Assignment.PrincipalId == principalId ? null : judgement.Assignment.PrincipalId));
        return new AccessExplanation(
            RoleRules.Decide(held.Assignments, held.FindRole, action, scope), [.. steps], await directory.GroupsOfAsync(principalId, cancellation));
    }
}
