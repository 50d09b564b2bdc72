using Carrel.Access.Roles;
using Carrel.Arm.Errors;
using Carrel.Arm.Filters;

namespace Carrel.Api.Authorization;

/// <summary>The <c>$filter</c> of role assignments (contract 7.1): <c>atScope()</c>, <c>principalId eq</c>, <c>assignedTo()</c>. Pure.</summary>
/// <param name="AtScope">Only the scope and above; otherwise below too.</param>
/// <param name="PrincipalId">Of this principal alone, or null.</param>
/// <param name="AssignedTo">Of this principal and its groups, or null.</param>
internal sealed record AssignmentFilter(bool AtScope, Guid? PrincipalId, Guid? AssignedTo)
{
    /// <exception cref="ArmException">400 <c>InvalidFilter</c>.</exception>
    internal static AssignmentFilter Read(string? text)
    {
        var filter = new AssignmentFilter(false, null, null);
        foreach (FilterClause clause in FilterText.Parse(text, "atScope", "assignedTo"))
        {
            filter = clause switch
            {
                { Operator: FilterOperator.Call } when clause.Is("atScope") && clause.Value.Length == 0 => filter with { AtScope = true },
                { Operator: FilterOperator.Call } when clause.Is("assignedTo") => filter with { AssignedTo = Id(clause.Value) },
                { Operator: FilterOperator.Equal } when clause.Is("principalId") => filter with { PrincipalId = Id(clause.Value) },
                _ => throw FilterText.Refused("role assignments are filtered by atScope(), principalId eq 'ID' and assignedTo('ID')"),
            };
        }

        return filter;
    }

    /// <summary>Whether an assignment is listed at a scope.</summary>
    /// <param name="assignment">The assignment.</param>
    /// <param name="scope">Where the list is asked for.</param>
    /// <param name="groups">The groups of <see cref="AssignedTo"/>.</param>
    internal bool Holds(RoleAssignment assignment, string scope, IReadOnlyCollection<Guid> groups) =>
        (RoleRules.IsAtOrBelow(scope, assignment.Scope) || (!AtScope && RoleRules.IsAtOrBelow(assignment.Scope, scope)))
        && (PrincipalId is not { } principal || assignment.PrincipalId == principal)
        && (AssignedTo is not { } person || assignment.PrincipalId == person || groups.Contains(assignment.PrincipalId));

    private static Guid Id(string text) => Guid.TryParse(text, out Guid id) ? id : throw FilterText.Refused($"'{text}' is no object id");
}
