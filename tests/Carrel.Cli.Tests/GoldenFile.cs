using Shouldly;

namespace Carrel.Cli.Tests;

/// <summary>Compares with a file of Golden/. Run with CARREL_GOLDEN_UPDATE=folder to write the new text there, and read the difference.</summary>
internal static class GoldenFile
{
    public static void ShouldMatch(string name, string actual)
    {
        if (System.Environment.GetEnvironmentVariable("CARREL_GOLDEN_UPDATE") is { Length: > 0 } folder)
            File.WriteAllText(Path.Combine(folder, name), actual);
        else
            actual.ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name)));
    }
}
