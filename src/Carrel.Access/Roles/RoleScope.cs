using System.Text.RegularExpressions;

namespace Carrel.Access.Roles;

/// <summary>Scopes of role assignments (contract 7.1): <c>/</c>, a subscription, a group, or a resource. Pure.</summary>
public static partial class RoleScope
{
    private const int Longest = 1024;

    /// <summary>
    /// The scope without a final slash; <c>/</c> stays. Null when the text is none: not absolute, with an empty segment, a wildcard, or
    /// ending in the middle of a type and name.
    /// </summary>
    public static string? Read(string? text)
    {
        if (text is not { Length: > 0 and <= Longest } || text[0] != '/')
            return null;
        string scope = text.Length == 1 ? text : text.TrimEnd('/');
        return scope == "/" || Form().IsMatch(scope) ? scope : null;
    }

    /// <summary>Whether it is <c>/</c> or a subscription: where the last Owner must not be lost.</summary>
    public static bool IsSubscriptionOrRoot(string scope) => scope.Split('/', StringSplitOptions.RemoveEmptyEntries).Length <= 2;

    /// <summary>How a scope is compared: lower case, without a final slash.</summary>
    public static string Key(string scope) => scope.TrimEnd('/').ToLowerInvariant();

    [GeneratedRegex(
        @"\A/subscriptions/[A-Za-z0-9-]{1,64}(/resourceGroups/[^/*\s]{1,90})?(/providers/[A-Za-z0-9.]{1,100}(/[A-Za-z0-9]{1,100}/[^/*\s]{1,260}){1,4})?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
