using System.Globalization;
using Carrel.Simulation.Tests.Steps;

namespace Carrel.Simulation.Tests;

/// <summary>
/// Random sequences of calls, parallel callers, schedules, failures and crashes: the state table is never violated, quota is what exists, one operation
/// runs at a time, each occurrence of a schedule has one outcome, nobody is stopped for being idle too early or too late, every answer is documented, every
/// operation ends, and in the end everything is as asked (contract 1.4 to 1.7, 3.5, 3.6, 4, 10.2).
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary><c>SEED</c> or <c>SEED-SEED</c>: sequences to run instead of the usual ones; or a sequence as a failure prints it.</summary>
    private const string Variable = "CARREL_SIMULATION";

    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(20);
    private const int UsualLeast = 10;

    // A few worlds at a time take some MiB; a thousand that are over must take nothing.
    private const long MostKept = 64 << 20;

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
        var sweep = new SeedSweep(first, last, last == int.MaxValue ? UsualTime : TimeSpan.MaxValue, UsualLeast);
        if (await sweep.RunAsync() is var (seed, fault))
            Assert.Fail(await DescribeAsync(seed, fault));
        output.WriteLine(sweep.Summary);
        Console.WriteLine(sweep.Summary);
        SeedSweep.KeptBytes().ShouldBeLessThan(MostKept);
        // Otherwise it would have looked at little.
        if (sweep.Done >= UsualLeast)
            new[] { "Creating", "Running", "Stopped", "Deleting" }.ShouldBeSubsetOf(sweep.States);
    }

    private static (int First, int Last) Seeds(string? asked)
    {
        if (string.IsNullOrEmpty(asked))
            return (1, int.MaxValue);
        int[] seeds = [.. asked.Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return (seeds[0], seeds[^1]);
    }

    private static async Task<string> DescribeAsync(int seed, string fault)
    {
        // At once: to find a shorter sequence may take minutes.
        Console.WriteLine($"Seed {seed}: {fault}");
        IReadOnlyList<Step> steps = StepGenerator.Make(seed);
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
