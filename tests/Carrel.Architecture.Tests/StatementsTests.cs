using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Carrel.Architecture.Tests;

/// <summary>
/// Every numbered statement of the contract's sections that are built has a test that bears its number (<c>DisplayName = "1.T7 ..."</c>), or
/// stands in <c>statements.md</c> with the reason why not.
/// </summary>
public sealed partial class StatementsTests
{
    /// <summary>Section to the number of its last statement: 1 compute instance, 2 YAML and command line, 3 schedules, 4 idle shutdown, 7 roles, 9 identities, 10 quota, 14 network.</summary>
    private static readonly Dictionary<int, int> Sections = new() { [1] = 31, [2] = 15, [3] = 21, [4] = 15, [7] = 19, [9] = 15, [10] = 14, [14] = 11 };

    [Fact]
    public void Every_statement_has_a_test_or_a_reason_why_not()
    {
        var tested = Tested();
        var left = Left();
        var all = Sections.SelectMany(section => Enumerable.Range(1, section.Value).Select(number => $"{section.Key}.T{number}")).ToList();

        all.Except(tested).Except(left.Keys).ShouldBeEmpty("statements without a test and without a reason in statements.md");
        left.Keys.Except(all).ShouldBeEmpty("rows of statements.md that name no statement");
        left.ShouldAllBe(row => row.Value.Length > 10, "a row of statements.md gives no reason");
    }

    /// <summary>A part may wait for a later issue while the rest is tested: the row then begins with "in part".</summary>
    [Fact]
    public void A_statement_that_has_a_test_is_not_listed_as_left_but_in_part() =>
        Left().Where(row => !row.Value.StartsWith("in part", StringComparison.Ordinal)).Select(row => row.Key).Intersect(Tested()).ShouldBeEmpty();

    private static HashSet<string> Tested() =>
        [.. Checkout.SourceFiles("tests")
            .SelectMany(path => DisplayName().Matches(File.ReadAllText(path)))
            .SelectMany(name => Number().Matches(name.Value))
            .Select(number => number.Value)];

    private static Dictionary<string, string> Left() =>
        File.ReadLines(Path.Combine(Checkout.Root, "tests", "statements.md"))
            .Select(line => Row().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex("""DisplayName = \$?"\d+\.T\d+[^"]*""")]
    private static partial Regex DisplayName();

    [GeneratedRegex(@"\b\d+\.T\d+\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\| (\d+\.T\d+) \| (.*) \|$")]
    private static partial Regex Row();
}
