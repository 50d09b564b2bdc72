using System.Globalization;

namespace Carrel.Bench.InstanceLife;

/// <summary>Collects laps and prints medians with their ratio.</summary>
internal sealed class Measurements
{
    private static readonly (string Name, Func<Lap, TimeSpan> Of)[] Figures =
        [("create to first 200", lap => lap.Create), ("stop", lap => lap.Stop), ("start to first 200", lap => lap.Start)];

    private readonly Dictionary<string, List<Lap>> _laps = [];

    internal void Add(string name, Lap lap)
    {
        if (!_laps.TryGetValue(name, out List<Lap>? laps))
            _laps[name] = laps = [];
        laps.Add(lap);
    }

    internal void Print(TextWriter output, string subject, string peer)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"p50 (min-max) ms",-22} {subject,22} {peer,22}  ratio"));
        foreach ((string name, Func<Lap, TimeSpan> of) in Figures)
        {
            double[] ours = Sorted(subject, of);
            double[] theirs = Sorted(peer, of);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name,-22} {Text(ours),22} {Text(theirs),22}  {Median(ours) / Median(theirs):0.00}"));
        }
    }

    private double[] Sorted(string name, Func<Lap, TimeSpan> of) => [.. _laps[name].Select(lap => of(lap).TotalMilliseconds).Order()];

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;

    private static string Text(double[] sorted) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(sorted):0} ({sorted[0]:0}-{sorted[^1]:0})");
}
