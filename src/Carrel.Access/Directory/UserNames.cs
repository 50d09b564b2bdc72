using System.Text.RegularExpressions;

namespace Carrel.Access.Directory;

/// <summary>Rules for sign-in names and passwords of people.</summary>
public static partial class UserNames
{
    /// <summary>Shortest password, in characters.</summary>
    public const int ShortestPassword = 8;

    /// <summary>Longest password, in characters.</summary>
    public const int LongestPassword = 256;

    /// <summary>What is wrong with a sign-in name, or null. The domain has to be the tenant's own: the part before it names the person's folder.</summary>
    public static string? Fault(string? userName, string domain)
    {
        if (string.IsNullOrEmpty(userName))
            return "userPrincipalName is missing: give a sign-in name such as ann@" + domain + ".";
        Match match = Form().Match(userName);
        if (!match.Success)
            return "userPrincipalName has to be letters, digits, '.', '_' or '-' (1 to 64, beginning and ending in a letter or digit), then @" + domain + ".";
        return match.Groups["domain"].Value.Equals(domain, StringComparison.OrdinalIgnoreCase)
            ? null
            : "The domain portion of the userPrincipalName property is invalid: it has to be " + domain + ".";
    }

    /// <summary>What is wrong with a new password, or null; to be put behind the name of its field.</summary>
    public static string? PasswordFault(string? password) => password is { Length: >= ShortestPassword and <= LongestPassword }
        ? null
        : $"has to be {ShortestPassword} to {LongestPassword} characters.";

    [GeneratedRegex(@"^(?=[^@]{1,64}@)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?@(?<domain>[A-Za-z0-9.-]{1,253})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
