using System.Globalization;
using System.Text;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Yaml;

/// <summary>One step of a path: a key of a mapping or a place in a list (from 0).</summary>
internal readonly record struct PathStep(string? Key, int Index);

/// <summary>Where in an instance file something is: <c>tags.team</c>, <c>schedules.compute_start_stop[0].action</c>, <c>tags['cost.center']</c>.</summary>
internal sealed record ItemPath(string Text, IReadOnlyList<PathStep> Steps)
{
    /// <summary>The key of the file it begins with.</summary>
    public string Root => Steps[0].Key!;

    /// <summary>Reads a path.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static ItemPath Parse(string text)
    {
        var steps = new List<PathStep>();
        var rest = text;
        while (rest.Length > 0)
        {
            if (rest[0] == '[' && steps.Count > 0)
            {
                var end = EndOfBracket(rest) is > 0 and var at ? at : throw Bad(text);
                steps.Add(Bracket(rest[1..end]) ?? throw Bad(text));
                rest = rest[(end + 1)..];
            }
            else
            {
                if (steps.Count > 0)
                    rest = rest[0] == '.' ? rest[1..] : throw Bad(text);
                var end = rest.IndexOfAny(['.', '[']);
                var key = end < 0 ? rest : rest[..end];
                steps.Add(new PathStep(key.Length > 0 ? key : throw Bad(text), 0));
                rest = rest[key.Length..];
            }
        }
        return steps.Count > 0 ? new ItemPath(text, steps) : throw Bad(text);
    }

    /// <summary>Splits <c>path=value</c> at the first '=' outside of brackets.</summary>
    public static (ItemPath Path, string Value) ParseAssignment(string text, string option)
    {
        var at = 0;
        while (at < text.Length && text[at] != '=')
            at += text[at] == '[' && EndOfBracket(text[at..]) is > 0 and var end ? end + 1 : 1;
        if (at > 0 && at < text.Length)
            return (Parse(text[..at]), text[(at + 1)..]);
        throw CliException.Usage($"'{text}' is no change: {option} wants path=value, such as idle_time_before_shutdown_minutes=60 or tags.team=vision.");
    }

    /// <summary>The path up to and including a step, for messages.</summary>
    public string Upto(int step)
    {
        var text = new StringBuilder();
        foreach (var (key, index) in Steps.Take(step + 1))
            _ = key is null ? text.Append(CultureInfo.InvariantCulture, $"[{index}]") : text.Append(text.Length > 0 ? "." : string.Empty).Append(key);
        return text.ToString();
    }

    private static int EndOfBracket(string text) => text.Length > 1 && text[1] is '\'' or '"'
        ? text.IndexOf(text[1] + "]", 2, StringComparison.Ordinal) + 1 : text.IndexOf(']');

    private static PathStep? Bracket(string inside)
    {
        if (inside.Length > 2 && inside[0] is '\'' or '"')
            return new PathStep(inside[1..^1], 0);
        return int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new PathStep(null, index) : null;
    }

    private static CliException Bad(string text) =>
        CliException.Usage($"'{text}' is no path: write keys with dots and places in lists in brackets, such as schedules.compute_start_stop[0].action.");
}
