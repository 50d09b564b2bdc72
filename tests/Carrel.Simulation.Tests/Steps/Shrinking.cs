namespace Carrel.Simulation.Tests.Steps;

/// <summary>Finds a shorter sequence that still fails, by leaving out ever smaller pieces (delta debugging).</summary>
internal static class Shrinking
{
    /// <summary>The shortest sequence found.</summary>
    /// <param name="failing">A sequence that fails.</param>
    /// <param name="failsAsync">Runs a sequence; true when it fails too.</param>
    /// <param name="tries">How many sequences may be run.</param>
    internal static async Task<IReadOnlyList<Step>> RunAsync(IReadOnlyList<Step> failing, Func<IReadOnlyList<Step>, Task<bool>> failsAsync, int tries = 200)
    {
        IReadOnlyList<Step> shortest = failing;
        for (int piece = Math.Max(1, shortest.Count / 2); piece >= 1 && tries > 0;)
        {
            bool shrunk = false;
            for (int at = shortest.Count - piece; at >= 0 && tries > 0; at -= piece)
            {
                IReadOnlyList<Step> candidate = [.. shortest.Take(at), .. shortest.Skip(at + piece)];
                tries--;
                if (!await failsAsync(candidate))
                    continue;
                shortest = candidate;
                shrunk = true;
            }

            if (!shrunk && piece == 1)
                break;
            piece = shrunk ? Math.Min(piece, Math.Max(1, shortest.Count / 2)) : piece / 2;
        }

        return shortest;
    }
}
