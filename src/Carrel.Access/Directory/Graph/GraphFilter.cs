using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Carrel.Arm.Errors;
using Carrel.Arm.Filters;

namespace Carrel.Access.Directory.Graph;

/// <summary>
/// The part of <c>$filter</c> that clients of the directory send: <c>eq</c> and <c>startswith</c> on texts and flags, joined by <c>and</c>, and
/// <c>servicePrincipalNames/any(c:c eq 'x')</c>.
/// </summary>
internal static partial class GraphFilter
{
    internal static Func<JsonObject, bool> Read(string? text)
    {
        try
        {
            // A list holds a value when any of its elements is it, which is what the longer form says.
            IReadOnlyList<FilterClause> clauses = FilterText.Parse(text is null ? null : Any().Replace(text, "${list} eq ${value}"));
            if (clauses.FirstOrDefault(clause => clause.Operator is not (FilterOperator.Equal or FilterOperator.StartsWith)) is not null)
                throw GraphRefusal.BadRequest("The $filter can only compare with eq and startswith.");
            return row => clauses.All(clause => Holds(row, clause));
        }
        catch (ArmException refused)
        {
            throw GraphRefusal.BadRequest(refused.Message);
        }
    }

    private static bool Holds(JsonObject row, FilterClause clause)
    {
        if (row.FirstOrDefault(member => clause.Is(member.Key)) is not { Key: not null } member)
            throw GraphRefusal.BadRequest($"The $filter names '{clause.Field}', which is none of the object's members.");
        return member.Value switch
        {
            JsonArray list => list.Any(item => clause.Holds(item?.ToString() ?? "")),
            null => clause.Value.Equals("null", StringComparison.OrdinalIgnoreCase),
            { } value => clause.Holds(value.ToString()),
        };
    }

    [GeneratedRegex(@"(?<list>[A-Za-z]{1,64})/any\(\s*(?<name>[A-Za-z]{1,16})\s*:\s*\k<name>\s+eq\s+(?<value>'(?:[^']|'')*')\s*\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Any();
}
