using System.Globalization;
using Carrel.Fuzz.Tests.Support;

namespace Carrel.Fuzz.Tests;

/// <summary>
/// Whatever is sent to a running server, the answer is never a fault of ours (issue: 5,000 requests here, 100,000 by <c>tests/fuzz.sh</c>).
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary><c>SEED</c>, <c>SEED:NUMBER</c> or <c>SEED:FIRST-LAST</c>: what to send instead of the usual requests.</summary>
    internal const string Variable = "CARREL_FUZZ";

    private const int UsualSeed = 20261125;
    private const int UsualLast = 5000;
    private const int MostlyReached = 80;
    private const int LongRun = 50_000;
    private const long MostGrowth = 48L << 20;
    private const int MostHandles = 150;

    [Fact]
    public async Task Whatever_is_sent_no_answer_is_a_fault_of_ours_and_the_server_still_works_afterwards()
    {
        (int seed, int first, int last) = Asked();
        await using FuzzServer server = await FuzzServer.StartAsync();
        var scene = new Scene(server);
        await scene.SetAsync();
        var run = new FuzzRun(server, scene, seed);

        // The first fifth fills caches and pools; what grows after that grows for ever.
        int warm = first + ((last - first) / 5);
        await SendAsync(server, run, first, warm);
        Footprint before = Footprint.Now();
        await SendAsync(server, run, warm + 1, last);
        Footprint after = Footprint.Now();

        string numbers = string.Create(CultureInfo.InvariantCulture, $"""
            seed {seed}, requests {first} to {last}, slowest answer {run.Slowest.TotalMilliseconds:0} ms
            statuses: {string.Join(", ", run.Statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"))}
            operations that succeeded: {run.Succeeded.Count}
            heap {before.Heap >> 10} -> {after.Heap >> 10} KiB, handles {before.Handles} -> {after.Handles}
            """);
        output.WriteLine(numbers);
        Console.WriteLine(numbers);
        server.Faults.Faults.ShouldBeEmpty(numbers);
        await scene.ShowThatItWorksAsync();
        if (last - first >= UsualLast - 1)
        {
            // Otherwise it would have tested one refusal many times.
            new[] { 200, 201, 202, 400, 401, 404, 405, 409 }.ShouldBeSubsetOf(run.Statuses.Keys);
            // Which ones is up to the order of things at the time; that most of the surface was reached is not.
            run.Succeeded.Count.ShouldBeGreaterThan(MostlyReached, numbers);
            new[] { "Compute_CreateOrUpdate", "POST /{tenant}/oauth2/v2.0/token" }.ShouldBeSubsetOf(run.Succeeded);
        }

        if (last - first >= LongRun)
        {
            (after.Heap - before.Heap).ShouldBeLessThan(MostGrowth, numbers);
            (after.Handles - before.Handles).ShouldBeLessThan(MostHandles, numbers);
        }
    }

    private static async Task SendAsync(FuzzServer server, FuzzRun run, int first, int last)
    {
        IReadOnlyCollection<string> faults = await run.SendAsync(first, last);
        if (faults.Count > 0)
            Assert.Fail(string.Join("\n\n", faults.Concat(server.Faults.Faults)));
    }

    private static (int Seed, int First, int Last) Asked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } asked)
            return (UsualSeed, 1, UsualLast);
        string[] parts = asked.Split(':', '-');
        int[] numbers = [.. parts.Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return numbers.Length switch
        {
            1 => (numbers[0], 1, UsualLast),
            2 => (numbers[0], numbers[1], numbers[1]),
            _ => (numbers[0], numbers[1], numbers[2]),
        };
    }
}
