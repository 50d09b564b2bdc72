using Carrel.Arm.Errors;

namespace Carrel.Arm.Conditions;

/// <summary>The value of <c>If-Match</c> or <c>If-None-Match</c> (RFC 9110, 13.1): <c>*</c>, or entity tags separated by commas.</summary>
internal sealed class EntityTagList
{
    private readonly bool _any;
    private readonly List<string> _tags = [];

    private EntityTagList(bool any) => _any = any;

    /// <summary>Reads a header's value.</summary>
    /// <exception cref="ArmException">400 <c>InvalidHeaderValue</c>.</exception>
    internal static EntityTagList Parse(string header, string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim(" \t");
        var list = new EntityTagList(rest is "*");
        if (list._any)
            return list;
        while (!rest.IsEmpty)
        {
            int length = TagLength(rest);
            if (length == 0)
                throw Malformed(header, text);
            list._tags.Add(rest[..length].ToString());
            rest = rest[length..].TrimStart(" \t");
            if (rest.IsEmpty)
                return list;
            if (rest[0] != ',')
                throw Malformed(header, text);
            rest = rest[1..].TrimStart(" \t");
        }

        // Nothing at all, or nothing behind a comma.
        throw Malformed(header, text);
    }

    /// <summary>Strong comparison: a weak tag matches nothing.</summary>
    internal bool MatchesStrongly(string current) => _any || _tags.Contains(current, StringComparer.Ordinal);

    /// <summary>Weak comparison: <c>W/"1"</c> matches <c>"1"</c>.</summary>
    internal bool MatchesWeakly(string current) => _any || _tags.Exists(tag => Bare(tag).SequenceEqual(Bare(current)));

    private static ReadOnlySpan<char> Bare(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag.AsSpan(2) : tag;

    // [W/] DQUOTE *( %x21 / %x23-7E / %x80-FF ) DQUOTE; 0 when the text does not begin with one.
    private static int TagLength(ReadOnlySpan<char> text)
    {
        int open = text.StartsWith("W/") ? 2 : 0;
        if (open >= text.Length || text[open] != '"')
            return 0;
        for (int index = open + 1; index < text.Length; index++)
        {
            if (text[index] == '"')
                return index + 1;
            if (text[index] is <= ' ' or '\x7f')
                return 0;
        }

        return 0;
    }

    private static ArmException Malformed(string header, string text) => new(
        400, "InvalidHeaderValue", $"The header {header} must be *, or entity tags in double quotes separated by commas, such as \"abc\"; it is: {text}", header);
}
