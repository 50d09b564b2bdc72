using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>The examples of docs/reference/schedules.md, row by row.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string, string, string, string> Examples
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>();
            foreach (var cells in File.ReadLines(Page()).Where(line => line.Contains("Z` |", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)))
            {
                rows.Add(cells[1].Trim('`'), cells[2].Trim('`'), cells[3].Trim('`'), cells[4].Replace("`", "", StringComparison.Ordinal));
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_of_the_reference_is_true(string trigger, string zone, string after, string fires)
    {
        var expected = fires.Split(", ");
        var times = trigger.StartsWith('{') ? Triggers.Recurrence(InZone(trigger, zone)) : Triggers.Cron(trigger, zone);
        times.After(after, expected.Length).ShouldBe(expected);
    }

    [Fact]
    public void The_page_has_its_examples() => Examples.Count.ShouldBeGreaterThan(10);

    private static string InZone(string recurrence, string zone)
    {
        var trigger = JsonNode.Parse(recurrence)!.AsObject();
        trigger["timeZone"] = zone;
        return trigger.ToJsonString();
    }

    private static string Page([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "reference", "schedules.md");
}
