using System.Diagnostics;
using Azure;

namespace Carrel.Conformance.DotNet;

/// <summary>Cases in the order they stand; each prints one line, which the test of that name reads.</summary>
internal static class Cases
{
    /// <summary>Runs a case; one that fails does not keep the next from running.</summary>
    public static async Task TestAsync(string name, Func<Task> run)
    {
        long begun = Stopwatch.GetTimestamp();
        try
        {
            await run();
            Console.WriteLine($"ok {name} ({Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s)");
        }
        catch (Exception fault)
        {
            Console.WriteLine($"not ok {name}: {fault.GetType().Name}: {string.Join(" | ", fault.Message.Split('\n', StringSplitOptions.TrimEntries))}");
            Console.Error.WriteLine(fault);
        }
    }

    /// <summary>Asserts equality and says what was found instead.</summary>
    public static void Equal<T>(T actual, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
            throw new InvalidOperationException($"expected '{expected}', found '{actual}'");
    }

    /// <summary>Asserts that a call is refused with this status and code.</summary>
    public static async Task RefusedAsync(Func<Task> call, int status, string code)
    {
        try
        {
            await call();
        }
        catch (RequestFailedException refusal)
        {
            Equal((refusal.Status, refusal.ErrorCode), (status, code));
            return;
        }

        throw new InvalidOperationException($"expected {status} {code}, but the call was accepted");
    }
}
