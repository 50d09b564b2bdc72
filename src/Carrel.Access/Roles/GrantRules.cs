namespace Carrel.Access.Roles;

/// <summary>Whether somebody may give a role.</summary>
/// <param name="Allowed">Whether.</param>
/// <param name="Reason">Why not; empty when allowed.</param>
public sealed record GrantDecision(bool Allowed, string Reason)
{
    internal static GrantDecision Yes { get; } = new(true, "");
}

/// <summary>
/// Nobody can grant what they do not hold. Whoever gives a role holds everything it allows, at the scope; User Access Administrator and Role
/// Based Access Control Administrator exist to give others what they do not have themselves, but neither to themselves nor a role that gives
/// more power over access than theirs. Pure.
/// </summary>
public static class GrantRules
{
    /// <summary>The action that giving a role needs.</summary>
    public const string AssignmentWrite = "Microsoft.Authorization/roleAssignments/write";

    /// <summary>The action that writing a role needs.</summary>
    public const string DefinitionWrite = "Microsoft.Authorization/roleDefinitions/write";

    private static readonly Guid[] Administrators =
        [.. BuiltInRoles.All.Where(role => role.RoleName is "User Access Administrator" or "Role Based Access Control Administrator").Select(role => role.Id)];

    /// <summary>Decides whether a role may be given.</summary>
    /// <param name="granter">What the granter holds.</param>
    /// <param name="role">The role to give, as it is stored.</param>
    /// <param name="scope">Where.</param>
    /// <param name="toThemselves">Whether it goes to the granter, or to a group the granter belongs to.</param>
    public static GrantDecision Decide(HeldRoles granter, RoleDefinition role, string scope, bool toThemselves) =>
        Effective(granter, scope).Any(assignment => assignment.RoleDefinitionId == role.Id) ? GrantDecision.Yes : DecideContent(granter, role, scope, toThemselves);

    /// <summary>Decides whether a role may be written: whoever holds it gets what it allows from then on.</summary>
    /// <param name="writer">What the writer holds now.</param>
    /// <param name="role">The role as it shall be.</param>
    public static GrantDecision DecideDefinition(HeldRoles writer, RoleDefinition role)
    {
        bool isTheirs = writer.Assignments.Any(assignment => assignment.RoleDefinitionId == role.Id);
        // Assignments made before reach wherever they lie, so those scopes count like the new ones.
        IEnumerable<string> scopes = role.AssignableScopes.Concat(writer.Assignments.Where(assignment => assignment.RoleDefinitionId == role.Id).Select(assignment => assignment.Scope));
        return scopes.Select(scope => DecideContent(writer, role, scope, isTheirs)).FirstOrDefault(decision => !decision.Allowed) ?? GrantDecision.Yes;
    }

    private static RoleAssignment[] Effective(HeldRoles granter, string scope) =>
        [.. granter.Assignments.Where(assignment => RoleRules.IsAtOrBelow(scope, assignment.Scope))];

    private static GrantDecision DecideContent(HeldRoles granter, RoleDefinition role, string scope, bool toThemselves)
    {
        RoleAssignment[] effective = Effective(granter, scope);
        RolePermission[] held = [.. effective.Select(assignment => granter.FindRole(assignment.RoleDefinitionId)).OfType<RoleDefinition>().SelectMany(found => found.Permissions)];
        if (PatternSets.FirstNotWithin(role, held) is not { } missing)
            return GrantDecision.Yes;
        if (!effective.Any(assignment => Administrators.Contains(assignment.RoleDefinitionId)))
            return new GrantDecision(false, $"the role '{role.RoleName}' allows '{missing}', which the client does not hold at '{scope}': nobody can grant what they do not hold");
        if (toThemselves)
            return new GrantDecision(false, $"the role '{role.RoleName}' allows '{missing}', which the client does not hold at '{scope}', and nobody can give that to themselves: ask another administrator");
        return GivesAccess(role)
            ? new GrantDecision(false, $"the role '{role.RoleName}' manages access and allows '{missing}', which the client does not hold at '{scope}': only an Owner can give it")
            : GrantDecision.Yes;
    }

    private static bool GivesAccess(RoleDefinition role) =>
        RoleRules.Allows(role, AssignmentWrite) || RoleRules.Allows(role, DefinitionWrite);
}
