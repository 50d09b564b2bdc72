namespace Carrel.Instances.Naming;

/// <summary>Whether a name is good, and if not, why.</summary>
/// <param name="IsValid">True when it is good.</param>
/// <param name="Reason">A sentence that says what to change, or null.</param>
public sealed record NameDecision(bool IsValid, string? Reason);

/// <summary>The name rule of computes (contract 1.3).</summary>
public static class ComputeName
{
    private static readonly NameDecision Good = new(true, null);

    /// <summary>
    /// 3 to 24 ASCII letters, digits and hyphens, the first a letter, and at least one letter after the last hyphen. Written out and not as a
    /// pattern: a <c>$</c> lets a trailing line feed pass.
    /// </summary>
    public static NameDecision Check(string name)
    {
        if (name.Length is < 3 or > 24)
        {
            return Bad($"has {name.Length} characters; use 3 to 24");
        }

        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            return Bad("has other characters than letters, digits and hyphens");
        }

        if (!char.IsAsciiLetter(name[0]))
        {
            return Bad("must start with a letter");
        }

        var hyphen = name.LastIndexOf('-');
        return hyphen >= 0 && !name.AsSpan(hyphen + 1).ContainsAnyInRange('a', 'z') && !name.AsSpan(hyphen + 1).ContainsAnyInRange('A', 'Z')
            ? Bad("needs a letter after its last hyphen")
            : Good;
    }

    private static NameDecision Bad(string what) => new(
        false,
        $"The compute name {what}. A name has 3 to 24 letters, digits and hyphens, starts with a letter, and has a letter after its last hyphen.");
}
