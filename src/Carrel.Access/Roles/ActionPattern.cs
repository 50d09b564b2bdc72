namespace Carrel.Access.Roles;

/// <summary>The wildcard rule of role actions (contract 7.2, D14).</summary>
public static class ActionPattern
{
    /// <summary>
    /// Whether a pattern covers an action, ignoring case. A star matches any run of characters, slashes included, and <c>/*/</c> also matches
    /// a single slash: <c>computes/*/write</c> covers <c>computes/write</c>. With a plain glob Data Scientists could create computes.
    /// </summary>
    public static bool Covers(string pattern, string action) => Matches(pattern, action);

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> action)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern.StartsWith("/*/") && !action.IsEmpty && action[0] == '/' && Matches(pattern[3..], action[1..]))
                return true;
            if (pattern[0] == '*')
            {
                for (int taken = 0; taken <= action.Length; taken++)
                {
                    if (Matches(pattern[1..], action[taken..]))
                        return true;
                }

                return false;
            }

            if (action.IsEmpty || char.ToLowerInvariant(pattern[0]) != char.ToLowerInvariant(action[0]))
                return false;
            pattern = pattern[1..];
            action = action[1..];
        }

        return action.IsEmpty;
    }
}
