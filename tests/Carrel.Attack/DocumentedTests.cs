using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Carrel.Attack;

/// <summary>The page on security lists every attack of this project with what holds it off, and nothing that is not here.</summary>
public sealed partial class DocumentedTests
{
    [Fact]
    public void Every_attack_stands_on_the_page_on_security_with_what_holds_it_off()
    {
        string[] here = [.. typeof(DocumentedTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<FactAttribute>())
            .Select(fact => NumberPattern().Match(fact.DisplayName ?? "")).Where(match => match.Success).Select(match => match.Value).Order(StringComparer.Ordinal)];
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../docs/explanation/security.md"));
        string[] there = [.. RowPattern().Matches(page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        there.ShouldBe(here);
        here.Length.ShouldBeGreaterThanOrEqualTo(40);
    }

    [GeneratedRegex(@"^A\d\d")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"^\| (A\d\d) \| [^|]+ \| [^|]{10,} \|$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
