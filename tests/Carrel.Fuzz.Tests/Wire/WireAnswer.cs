namespace Carrel.Fuzz.Tests.Wire;

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Header lines.</param>
/// <param name="Body">The body, a byte a character.</param>
/// <param name="Closes">Whether the connection ends with it.</param>
internal sealed record WireAnswer(int Status, IReadOnlyList<string> Headers, string Body, bool Closes)
{
    /// <summary>A header's value, or null.</summary>
    internal string? Header(string name) => Headers
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    /// <summary>Everything a client sees.</summary>
    internal string Text => string.Join('\n', Headers) + "\n\n" + Body;
}
