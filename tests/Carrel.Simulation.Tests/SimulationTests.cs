using System.Diagnostics;
using System.Globalization;
using Carrel.Simulation.Tests.Steps;

namespace Carrel.Simulation.Tests;

/// <summary>
/// Random sequences of calls, parallel callers, failures and crashes: the state table is never violated, quota is what exists, one operation
/// runs at a time, every answer is documented, every operation ends, and in the end everything is as asked (contract 1.4 to 1.7, 10.2).
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary><c>SEED</c> or <c>SEED-SEED</c>: sequences to run instead of the usual ones; or a sequence as a failure prints it.</summary>
    private const string Variable = "CARREL_SIMULATION";

    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(20);
    private const int UsualLeast = 10;

    [Fact]
    public async Task Whatever_happens_states_quota_answers_and_host_stay_right()
    {
        string? asked = Environment.GetEnvironmentVariable(Variable);
        if (asked is { Length: > 0 } && asked.Any(char.IsAsciiLetter))
        {
            if (await SequenceRun.RunAsync(Step.ParseAll(asked)) is { } found)
                Assert.Fail(found);
            return;
        }

        (int first, int last) = Seeds(asked);
        long begun = Stopwatch.GetTimestamp();
        var states = new HashSet<string>();
        int seed = first;
        for (; seed <= last; seed++)
        {
            // Without a wish: as many as the time allows, so that a busy machine does not stretch the test run.
            if (last == int.MaxValue && seed - first >= UsualLeast && Stopwatch.GetElapsedTime(begun) > UsualTime)
                break;
            IReadOnlyList<Step> steps = StepGenerator.Make(seed);
            if (await SequenceRun.RunAsync(steps, states) is { } fault)
                Assert.Fail(await DescribeAsync(seed, steps, fault));
            if ((seed - first + 1) % 250 == 0)
                Console.WriteLine($"{seed - first + 1} sequences");
        }

        string numbers = string.Create(
            CultureInfo.InvariantCulture, $"{seed - first} sequences, seeds {first} to {seed - 1}, in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s; states: {string.Join(", ", states.Order(StringComparer.Ordinal))}");
        output.WriteLine(numbers);
        Console.WriteLine(numbers);
        // Otherwise it would have looked at little.
        if (seed - first >= UsualLeast)
            new[] { "Creating", "Running", "Stopped", "Deleting" }.ShouldBeSubsetOf(states);
    }

    private static (int First, int Last) Seeds(string? asked)
    {
        if (string.IsNullOrEmpty(asked))
            return (1, int.MaxValue);
        int[] seeds = [.. asked.Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return (seeds[0], seeds[^1]);
    }

    private static async Task<string> DescribeAsync(int seed, IReadOnlyList<Step> steps, string fault)
    {
        string latest = fault;
        IReadOnlyList<Step> shortest = await Shrinking.RunAsync(
            steps,
            async candidate =>
            {
                string? found = await SequenceRun.RunAsync(candidate);
                latest = found ?? latest;
                return found is not null;
            });
        return $"""
            Seed {seed}: {fault}
            Shortest sequence found ({shortest.Count} of {steps.Count} steps): {latest}

            {Variable}='{Step.Text(shortest)}' dotnet run --project tests/Carrel.Simulation.Tests
            {Variable}={seed} dotnet run --project tests/Carrel.Simulation.Tests
            """;
    }
}
