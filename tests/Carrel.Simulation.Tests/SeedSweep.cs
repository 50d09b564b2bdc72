using System.Diagnostics;
using System.Globalization;
using Carrel.Simulation.Tests.Steps;

namespace Carrel.Simulation.Tests;

/// <summary>Runs the sequences of many seeds, some side by side: each has a world of its own, and most of its time it waits.</summary>
/// <param name="first">The first seed.</param>
/// <param name="last">The last seed.</param>
/// <param name="limit">How long it goes on beginning sequences, once it has run enough.</param>
/// <param name="least">How many are enough.</param>
internal sealed class SeedSweep(int first, int last, TimeSpan limit, int least)
{
    private const int SideBySide = 6;
    private const int TellEvery = 250;

    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly HashSet<string> _states = [];
    private int _next = first - 1;
    private int _done;
    private (int Seed, string Fault)? _failure;

    /// <summary>Sequences that were run.</summary>
    internal int Done => _done;

    /// <summary>Every state that an instance was seen in.</summary>
    internal IReadOnlyCollection<string> States => _states;

    /// <summary>In numbers.</summary>
    internal string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Done} sequences from seed {first} in {Stopwatch.GetElapsedTime(_begun).TotalSeconds:0} s; states: {string.Join(", ", _states.Order(StringComparer.Ordinal))}");

    /// <summary>What is still there when everything is collected that nobody needs: of worlds that are over, nothing.</summary>
    internal static long KeptBytes() => GC.GetTotalMemory(forceFullCollection: true);

    /// <summary>Runs them.</summary>
    /// <returns>A seed whose sequence fails and what was wrong, or null.</returns>
    internal async Task<(int Seed, string Fault)?> RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => RunLaneAsync()));
        return _failure;
    }

    private async Task RunLaneAsync()
    {
        while (_failure is null && (_done < least || Stopwatch.GetElapsedTime(_begun) < limit) && Interlocked.Increment(ref _next) is var seed && seed <= last)
        {
            if (await SequenceRun.RunAsync(StepGenerator.Make(seed), _states) is { } fault)
                _failure ??= (seed, fault);
            if (Interlocked.Increment(ref _done) % TellEvery == 0)
                Console.WriteLine($"{_done} sequences, {KeptBytes() >> 20} MiB kept, {Environment.WorkingSet >> 20} MiB in use");
        }
    }
}
