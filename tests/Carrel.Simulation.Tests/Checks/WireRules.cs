using System.Text.Json;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>What every answer has to have: a status and code that are documented, the envelope, the headers of a long operation (contract 1.6, 1.7).</summary>
internal static class WireRules
{
    private static readonly Lazy<string> Documented = new(() => File.ReadAllText(Path.Combine(Checkout(), "docs", "reference", "errors.md")));

    /// <summary>What is wrong, or null.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isLong">Whether it begins a long operation.</param>
    internal static string? Fault(WireAnswer answer, bool isLong)
    {
        if (answer.Status >= 500)
            return $"{answer.Status}: {answer.Text}";
        if (answer.Status >= 400)
            return EnvelopeFault(answer);
        if (!isLong)
            return null;
        string? missing = Array.Find(["Azure-AsyncOperation", "Location", "Retry-After"], name => !answer.Headers.ContainsKey(name));
        return missing is null ? null : $"A long operation was accepted without {missing}.";
    }

    private static string? EnvelopeFault(WireAnswer answer)
    {
        try
        {
            JsonElement error = JsonElement.Parse(answer.Text).GetProperty("error");
            string code = error.GetProperty("code").GetString()!;
            return error.GetProperty("message").GetString() is not { Length: > 0 }
                ? "A refusal without a message: " + answer.Text
                : Documented.Value.Contains($"`{code}`", StringComparison.Ordinal) ? null : $"The code {code} is not in docs/reference/errors.md.";
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"A refusal without the envelope: {answer.Status} {answer.Text}";
        }
    }

    private static string Checkout()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Carrel.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
