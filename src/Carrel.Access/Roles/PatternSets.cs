namespace Carrel.Access.Roles;

/// <summary>Compares patterns of actions with each other; what is not sure is answered on the safe side. Pure.</summary>
internal static class PatternSets
{
    /// <summary>
    /// Whether every action that a role allows is allowed by what somebody holds: each pattern of the role lies within one pattern of one held
    /// permission, and what that permission takes away is taken away by the role too.
    /// </summary>
    internal static string? FirstNotWithin(RoleDefinition role, IEnumerable<RolePermission> held)
    {
        RolePermission[] permissions = [.. held];
        foreach (RolePermission wanted in role.Permissions)
        {
            foreach (string pattern in wanted.Actions)
            {
                if (!permissions.Any(permission => Holds(permission, pattern, wanted.NotActions)))
                    return pattern;
            }
        }

        return null;
    }

    /// <summary>Whether some action could match both patterns.</summary>
    internal static bool Meet(string first, string second) =>
        Spellings(first).Any(one => Spellings(second).Any(other => GlobsMeet(one, other)));

    private static bool Holds(RolePermission permission, string pattern, IReadOnlyList<string> taken) =>
        permission.Actions.Any(own => Contains(own, pattern))
        && permission.NotActions.All(except => !Meet(except, pattern) || taken.Any(also => Contains(also, except)));

    // A star of the inner pattern stands for anything, so only a star of the outer one can cover it.
    private static bool Contains(string outer, string inner) => Spellings(inner).All(spelling => ActionPattern.Covers(outer, spelling));

    // "/*/" also matches a single slash (contract 7.2): both spellings.
    private static IEnumerable<string> Spellings(string pattern)
    {
        yield return pattern;
        if (pattern.Contains("/*/", StringComparison.Ordinal))
            yield return pattern.Replace("/*/", "/", StringComparison.Ordinal);
    }

    private static bool GlobsMeet(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        if (first.IsEmpty && second.IsEmpty)
            return true;
        if (!first.IsEmpty && first[0] == '*')
            return GlobsMeet(first[1..], second) || (!second.IsEmpty && GlobsMeet(first, second[1..]));
        if (!second.IsEmpty && second[0] == '*')
            return GlobsMeet(first, second[1..]) || (!first.IsEmpty && GlobsMeet(first[1..], second));
        return !first.IsEmpty && !second.IsEmpty
            && char.ToLowerInvariant(first[0]) == char.ToLowerInvariant(second[0])
            && GlobsMeet(first[1..], second[1..]);
    }
}
