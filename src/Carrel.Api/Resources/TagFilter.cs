using Carrel.Arm.Filters;

namespace Carrel.Api.Resources;

/// <summary>What a filter says of tags: <c>tagName eq 'a'</c>, with <c>and tagValue eq 'b'</c> of that very tag. Pure.</summary>
internal sealed class TagFilter
{
    private readonly FilterClause[] _names;
    private readonly FilterClause[] _values;

    private TagFilter(FilterClause[] names, FilterClause[] values) => (_names, _values) = (names, values);

    /// <summary>Takes the clauses about tags out of a filter.</summary>
    internal static TagFilter Take(IReadOnlyList<FilterClause> filter, out IReadOnlyList<FilterClause> others)
    {
        others = [.. filter.Where(clause => !clause.Is("tagName") && !clause.Is("tagValue"))];
        return new TagFilter([.. filter.Where(clause => clause.Is("tagName"))], [.. filter.Where(clause => clause.Is("tagValue"))]);
    }

    /// <summary>Whether one tag fits all of them; names of tags compare ignoring case, values do not.</summary>
    internal bool Holds(IReadOnlyDictionary<string, string> tags) => _names.Length + _values.Length == 0 || tags.Any(tag =>
        _names.All(clause => clause.Holds(tag.Key)) && _values.All(clause => clause.Operator == FilterOperator.Equal ? clause.Value == tag.Value : clause.Holds(tag.Value)));
}
