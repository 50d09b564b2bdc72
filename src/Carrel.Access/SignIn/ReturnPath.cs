namespace Carrel.Access.SignIn;

/// <summary>Where a browser goes after signing in: a path of this origin and nothing else.</summary>
public static class ReturnPath
{
    /// <summary>Longest path kept; an authorize address with all its parameters fits.</summary>
    public const int Longest = 6000;

    /// <summary>The path when it is safe, <c>/</c> otherwise.</summary>
    public static string OrHome(string? path) => IsSafe(path) ? path! : "/";

    /// <summary>
    /// Whether a browser can only read it as a path of this origin. Browsers take <c>//x</c> for another host, a backslash for a slash, and drop
    /// tabs and line ends before they look.
    /// </summary>
    public static bool IsSafe(string? path) =>
        path is { Length: > 0 and <= Longest }
        && path[0] == '/'
        && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.Contains('\\')
        && path.All(c => c is > ' ' and <= '~');
}
