using Shouldly;
using Xunit;

namespace Carrel.Architecture.Tests;

/// <summary>Habits of the code base that a compiler does not hold.</summary>
public sealed class HabitsTests
{
    private const int LongestFile = 400;

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        string[] tooLong = [.. Checkout.SourceFiles("src").Concat(Checkout.SourceFiles("tests"))
            .Select(path => (Path: path, Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines > LongestFile)
            .Select(file => $"{Path.GetRelativePath(Checkout.Root, file.Path)}: {file.Lines}")];
        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void The_entry_points_are_short()
    {
        foreach (string program in Checkout.SourceFiles("src").Where(path => Path.GetFileName(path) == "Program.cs"))
            File.ReadLines(program).Count().ShouldBeLessThan(30, program);
    }

    [Fact]
    public void There_are_no_catch_all_folders()
    {
        string[] vague = ["Utils", "Utilities", "Helpers", "Managers", "Services", "Common", "Misc", "Interfaces"];
        Checkout.SourceFiles("src").SelectMany(path => Path.GetRelativePath(Checkout.Root, path).Split('/')).Where(vague.Contains).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Time_comes_from_a_TimeProvider()
    {
        string[] clocks = ["DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "SystemClock.Instance", "Stopwatch.StartNew"];
        string[] found = [.. Checkout.SourceFiles("src")
            .Where(path => clocks.Any(clock => File.ReadAllText(path).Contains(clock, StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(Checkout.Root, path))];
        found.ShouldBeEmpty();
    }
}
