using Carrel.Access.Roles;
using Carrel.Arm.Filters;

namespace Carrel.Api.Authorization;

/// <summary>The <c>$filter</c> of role definitions (contract 7.1): <c>roleName eq</c>, <c>type eq</c>, and <c>atScopeAndBelow()</c> as the clients send it. Pure.</summary>
internal static class RoleFilter
{
    private const string AtScopeAndBelow = "atScopeAndBelow";

    /// <exception cref="Arm.Errors.ArmException">400 <c>InvalidFilter</c>.</exception>
    internal static IReadOnlyList<FilterClause> OfDefinitions(string? text)
    {
        IReadOnlyList<FilterClause> clauses = FilterText.Parse(text, AtScopeAndBelow);
        foreach (FilterClause clause in clauses)
        {
            if (!clause.Is("roleName") && !clause.Is("type") && !clause.Is(AtScopeAndBelow))
                throw FilterText.Refused($"role definitions have no field '{clause.Field}'; there are roleName and type");
        }

        return clauses;
    }

    /// <summary>Whether a role that may be assigned at a scope is asked for at all.</summary>
    internal static bool IsKnownAt(IReadOnlyList<FilterClause> filter, RoleDefinition role, string scope)
    {
        bool below = filter.Any(clause => clause.Is(AtScopeAndBelow));
        return role.AssignableScopes.Any(assignable => RoleRules.IsAtOrBelow(scope, assignable) || (below && RoleRules.IsAtOrBelow(assignable, scope)));
    }

    internal static bool Holds(IReadOnlyList<FilterClause> filter, RoleDefinition role) => filter.All(clause =>
        clause.Is(AtScopeAndBelow) || clause.Holds(clause.Is("roleName") ? role.RoleName : role.IsBuiltIn ? "BuiltInRole" : "CustomRole"));
}
