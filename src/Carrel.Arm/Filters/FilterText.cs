using System.Text;
using Carrel.Arm.Errors;

namespace Carrel.Arm.Filters;

/// <summary>
/// Reads the part of OData's <c>$filter</c> that ARM clients send: comparisons joined by <c>and</c>. Values are in single quotes, a quote doubled;
/// a value without blanks may stand bare, as the Azure CLI writes times.
/// </summary>
public static class FilterText
{
    private const string Parameter = "$filter";
    private const int LongestFilter = 4096;

    /// <summary>The clauses; none for an absent or empty filter.</summary>
    /// <exception cref="ArmException">400 <c>InvalidFilter</c>.</exception>
    /// <param name="text">The filter as sent.</param>
    /// <param name="calls">Names of calls that may stand by themselves, with one argument or none.</param>
    public static IReadOnlyList<FilterClause> Parse(string? text, params string[] calls)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        if (text.Length > LongestFilter)
            throw Refused($"it is longer than {LongestFilter} characters");
        List<Word> words = Split(text);
        var clauses = new List<FilterClause>();
        for (int at = 0; ;)
        {
            clauses.Add(Clause(words, ref at, calls));
            if (at == words.Count)
                return clauses;
            if (!words[at].IsBare("and"))
                throw Refused($"'{words[at].Text}' stands where only 'and' may");
            at++;
        }
    }

    /// <summary>The refusal of a filter.</summary>
    public static ArmException Refused(string reason) => new(
        400, "InvalidFilter", $"The $filter cannot be used: {reason}. Send comparisons such as name eq 'x', joined by 'and'.", Parameter);

    private static FilterClause Clause(List<Word> words, ref int at, string[] calls)
    {
        Word first = Next(words, ref at);
        if (calls.Any(first.IsBare) && at < words.Count && words[at].IsBare("("))
            return new FilterClause(first.Text, FilterOperator.Call, Argument(words, ref at));
        if (first.IsBare("substringof"))
        {
            (Word value, Word field) = Arguments(words, ref at);
            return new FilterClause(Field(field), FilterOperator.Contains, value.Text);
        }

        if (first.IsBare("startswith"))
        {
            (Word field, Word value) = Arguments(words, ref at);
            return new FilterClause(Field(field), FilterOperator.StartsWith, value.Text);
        }

        Word comparison = Next(words, ref at);
        FilterOperator how = comparison.Quoted ? throw Refused($"'{comparison.Text}' is no comparison") : comparison.Text.ToLowerInvariant() switch
        {
            "eq" => FilterOperator.Equal,
            "ne" => FilterOperator.NotEqual,
            "ge" => FilterOperator.AtLeast,
            "le" => FilterOperator.AtMost,
            _ => throw Refused($"'{comparison.Text}' is none of eq, ne, ge, le"),
        };
        Word compared = Next(words, ref at);
        return new FilterClause(Field(first), how, compared.Quoted || compared.Text is not ("(" or ")" or ",") ? compared.Text : throw Refused("a value is missing"));
    }

    private static string Argument(List<Word> words, ref int at)
    {
        Expect(words, ref at, "(");
        Word word = Next(words, ref at);
        if (word.IsBare(")"))
            return "";
        Expect(words, ref at, ")");
        return word.Text;
    }

    private static (Word First, Word Second) Arguments(List<Word> words, ref int at)
    {
        Expect(words, ref at, "(");
        Word first = Next(words, ref at);
        Expect(words, ref at, ",");
        Word second = Next(words, ref at);
        Expect(words, ref at, ")");
        return (first, second);
    }

    private static string Field(Word word) => !word.Quoted && word.Text.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_')
        ? word.Text
        : throw Refused($"'{word.Text}' is no field");

    private static void Expect(List<Word> words, ref int at, string text)
    {
        if (!Next(words, ref at).IsBare(text))
            throw Refused($"'{text}' is missing");
    }

    private static Word Next(List<Word> words, ref int at) => at < words.Count ? words[at++] : throw Refused("it ends too early");

    private static List<Word> Split(string text)
    {
        var words = new List<Word>();
        for (int at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
                at++;
            else if (text[at] == '\'')
                words.Add(new Word(Quoted(text, ref at), true));
            else if (text[at] is '(' or ')' or ',')
                words.Add(new Word(text[at++].ToString(), false));
            else
            {
                int begin = at;
                while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('\'' or '(' or ')' or ','))
                    at++;
                words.Add(new Word(text[begin..at], false));
            }
        }

        return words;
    }

    private static string Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
                value.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '\'')
                value.Append(text[at++]);
            else
            {
                at++;
                return value.ToString();
            }
        }

        throw Refused("a quote is not closed");
    }

    private readonly record struct Word(string Text, bool Quoted)
    {
        internal bool IsBare(string text) => !Quoted && Text.Equals(text, StringComparison.OrdinalIgnoreCase);
    }
}
