namespace Carrel.Engine.Events;

/// <summary>The sentence with which an event says what a change was about: names only, never values, which may be secrets.</summary>
internal static class ChangeText
{
    /// <summary>What changed, and what was asked and not done.</summary>
    /// <returns>The sentence and how much attention it deserves.</returns>
    internal static (string? Detail, EventLevel Level) Of(IReadOnlyList<string> changed, IReadOnlyList<string>? notApplied = null)
    {
        string? what = changed.Count > 0 ? $"Changed: {string.Join(", ", changed)}." : null;
        if (notApplied is not { Count: > 0 })
            return (what ?? "Nothing changed.", EventLevel.Informational);
        return (what is null ? NotApplied(notApplied) : $"{what} {NotApplied(notApplied)}", EventLevel.Warning);
    }

    /// <summary>What of a creation was asked and not done, and what its host lacks; null for nothing.</summary>
    internal static (string? Detail, EventLevel Level) OfCreation(IReadOnlyList<string> notApplied, string? capped)
    {
        string[] sentences = [.. notApplied.Count > 0 ? [NotApplied(notApplied)] : (string[])[], .. capped is not null ? [capped] : (string[])[]];
        return sentences.Length == 0 ? (null, EventLevel.Informational) : (string.Join(' ', sentences), EventLevel.Warning);
    }

    private static string NotApplied(IReadOnlyList<string> names) => $"Not applied: {string.Join(", ", names)}.";
}
