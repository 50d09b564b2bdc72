using System.Globalization;
using System.Text.RegularExpressions;

namespace Carrel.Instances.Specs.Validation;

/// <summary>Setup scripts (contract 5.1, 5.3).</summary>
internal static partial class SetupScriptValidator
{
    private const int MaximumInlineBytes = 64 * 1024;
    private const double MaximumSeconds = 24 * 3600;

    /// <summary>The script, or null when there is none: an object with neither data nor arguments counts as absent.</summary>
    public static SetupScriptModel? Validate(SetupScriptSpec? script, string path, List<Finding> findings)
    {
        if (script is null || (string.IsNullOrEmpty(script.Data) && string.IsNullOrEmpty(script.Arguments)))
        {
            return null;
        }

        void Bad(string member, string message) => findings.Add(new Finding(FindingCodes.InvalidSetupScript, message, $"{path}.{member}"));

        var source = EnumWord.Read<ScriptSource>(script.Source);
        if (source is null)
        {
            Bad("scriptSource", "'scriptSource' must be 'workspaceStorage' or 'inline'.");
        }
        else if ((source == ScriptSource.Inline ? InlineProblem(script.Data) : PathProblem(script.Data)) is { } problem)
        {
            Bad("scriptData", problem);
        }

        var timeout = ReadTimeout(script.Timeout);
        if (timeout is not null && !IsTimeout(timeout))
        {
            Bad("timeout", "'timeout' must be a number above 0 with an optional suffix s, m, h or d, at most one day, such as '20m'.");
        }

        return new SetupScriptModel(source ?? default, NullIfEmpty(script.Data), NullIfEmpty(script.Arguments), timeout);
    }

    /// <summary>The Python client writes <c>Nonem</c> where there is no timeout (wire 3.1).</summary>
    public static string? ReadTimeout(string? timeout) => timeout == "Nonem" ? null : timeout;

    internal static bool IsTimeout(string timeout)
    {
        var match = Timeout().Match(timeout);
        if (!match.Success)
        {
            return false;
        }

        var unit = match.Groups["unit"].Value switch { "m" => 60, "h" => 3600, "d" => 24 * 3600, _ => 1 };
        var seconds = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * unit;
        return seconds is > 0 and <= MaximumSeconds;
    }

    private static string? InlineProblem(string? data)
    {
        if (string.IsNullOrEmpty(data))
        {
            return "An inline script needs 'scriptData'.";
        }

        var bytes = new byte[(data.Length / 4 * 3) + 3];
        if (data.Any(char.IsWhiteSpace) || !Convert.TryFromBase64String(data, bytes, out var length))
        {
            return "'scriptData' of an inline script must be base64 with padding.";
        }

        if (length > MaximumInlineBytes)
        {
            return "An inline script has at most 64 KiB.";
        }

        return IsUtf8(bytes.AsSpan(0, length)) ? null : "'scriptData' of an inline script must be base64 of UTF-8 text.";
    }

    private static string? PathProblem(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        if (path.Contains('\\', StringComparison.Ordinal) || path.Any(char.IsControl) || path.Split('/').Contains(".."))
        {
            return "'scriptData' must be a path on the workspace share with forward slashes and without '..', such as 'Users/me/setup.sh'.";
        }

        return path.EndsWith(".sh", StringComparison.Ordinal) ? null : "'scriptData' must name a file that ends in '.sh'.";
    }

    private static bool IsUtf8(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    [GeneratedRegex(@"\A(?<number>[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(?<unit>[smhd]?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Timeout();
}
