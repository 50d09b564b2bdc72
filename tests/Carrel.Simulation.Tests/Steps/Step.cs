namespace Carrel.Simulation.Tests.Steps;

/// <summary>
/// One step of a sequence: calls that are sent at the same time, or something that happens to server, host or clock. Its text is what a
/// failure prints and what a replay reads.
/// </summary>
/// <param name="Moves">One move, or several calls for parallel callers.</param>
internal sealed record Step(IReadOnlyList<Move> Moves)
{
    internal static Step Parse(string text) => new([.. text.Split('|', StringSplitOptions.TrimEntries).Select(Move.Parse)]);

    /// <summary>A whole sequence: steps separated by semicolons.</summary>
    internal static IReadOnlyList<Step> ParseAll(string text) => [.. text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    internal static string Text(IEnumerable<Step> steps) => string.Join("; ", steps);

    public override string ToString() => string.Join(" | ", Moves);
}

/// <summary>A verb with what it is about: <c>put lab/ant 16</c>, <c>stop den/bee</c>, <c>wait 40</c>, <c>crash</c>.</summary>
/// <param name="Verb">What happens.</param>
/// <param name="Target"><c>workspace/instance</c>, a workspace, or empty.</param>
/// <param name="Number">Cores, seconds, or which of several.</param>
internal sealed record Move(string Verb, string Target = "", int Number = 0)
{
    private static readonly string[] Failures =
        ["silent", "lost", "refuse", "half", "jump", "crash", "off", "hostdown", "enginerestart", "die", "vanish", "agentsdown", "notready"];

    internal string Workspace => Target.Split('/')[0];

    internal string Instance => Target.Split('/')[1];

    /// <summary>True when operations may fail or be interrupted because of it.</summary>
    internal bool IsFailure => Array.IndexOf(Failures, Verb) >= 0;

    internal static Move Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string target = words.Skip(1).FirstOrDefault(word => !char.IsAsciiDigit(word[0])) ?? "";
        string? number = words.Skip(1).FirstOrDefault(word => char.IsAsciiDigit(word[0]));
        return new Move(words[0], target, number is null ? 0 : int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
    }

    public override string ToString() => $"{Verb}{(Target.Length > 0 ? " " + Target : "")}{(Number > 0 ? " " + Number : "")}";
}
