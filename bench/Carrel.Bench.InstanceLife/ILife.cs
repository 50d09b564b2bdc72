namespace Carrel.Bench.InstanceLife;

/// <summary>One life of a workstation, timed from the caller's side.</summary>
internal interface ILife
{
    string Name { get; }

    Task<Lap> RunAsync(int round);
}

/// <summary>Times of one life.</summary>
/// <param name="Create">From the create call to the first 200 from JupyterLab.</param>
/// <param name="Stop">From the stop call to its end.</param>
/// <param name="Start">From the start call to the first 200 from JupyterLab.</param>
internal sealed record Lap(TimeSpan Create, TimeSpan Stop, TimeSpan Start);
