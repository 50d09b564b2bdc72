using System.Text;

namespace Carrel.Engine.Commands;

/// <summary>The name of a person's folder on the share (contract 12.1). Pure.</summary>
internal static class OwnerAlias
{
    private const int LongestName = 64;

    /// <summary>The part of the sign-in name before <c>@</c>, lower case, with <c>_</c> for what a folder name should not hold.</summary>
    internal static string From(string signInName)
    {
        var alias = new StringBuilder();
        foreach (char character in signInName.Split('@')[0].Take(LongestName))
            alias.Append(char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' ? char.ToLowerInvariant(character) : '_');
        // A leading dot would hide the folder, and dots alone would leave it.
        if (alias.Length == 0 || alias[0] == '.')
            alias.Insert(0, '_');
        return alias.ToString();
    }

    /// <summary>
    /// Names in order of preference: the alias; with the first four digits of the object id, when somebody else has it; with the whole id,
    /// which is free by construction.
    /// </summary>
    internal static IReadOnlyList<string> Candidates(string signInName, Guid owner)
    {
        string alias = From(signInName);
        string digits = owner.ToString("N");
        return [alias, alias + digits[..4], alias + "-" + digits];
    }
}
