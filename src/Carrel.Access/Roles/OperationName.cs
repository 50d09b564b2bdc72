using System.Text.RegularExpressions;

namespace Carrel.Access.Roles;

/// <summary>Names of operations, such as <c>Microsoft.MachineLearningServices/workspaces/computes/start/action</c>. Pure.</summary>
public static partial class OperationName
{
    private const string Namespace = "Microsoft.MachineLearningServices/";
    private const int Longest = 256;

    /// <summary>Whether an action or pattern of the namespace of machine learning covers no operation there (contract 7.1); other namespaces are not known.</summary>
    public static bool CoversNothing(string pattern) =>
        pattern.StartsWith(Namespace, StringComparison.OrdinalIgnoreCase) && !BuiltInRoles.Operations.Any(operation => ActionPattern.Covers(pattern, operation));

    /// <summary>Why a text is not the whole name of one operation, as the end of a sentence that begins with it; null when it is one.</summary>
    public static string? Fault(string text) =>
        text.Contains('*', StringComparison.Ordinal) ? "is a pattern: give one operation without '*', such as Microsoft.MachineLearningServices/workspaces/computes/start/action"
        : text.Length is 0 or > Longest || !Form().IsMatch(text)
            ? "is no operation: give its whole name, NAMESPACE/TYPE/.../read, write, delete or NAME/action, such as Microsoft.MachineLearningServices/workspaces/computes/start/action"
        : CoversNothing(text) ? "matches no operation of Microsoft.MachineLearningServices; check its spelling"
        : null;

    [GeneratedRegex(@"\A[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+(/[A-Za-z0-9._\-]+)*/(read|write|delete|action)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
