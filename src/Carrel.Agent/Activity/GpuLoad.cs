using System.Diagnostics;
using System.Globalization;

namespace Carrel.Agent.Activity;

/// <summary>The load of the machine's GPUs, as their driver's command tells it.</summary>
internal sealed class GpuLoad(AgentOptions options)
{
    /// <summary>Percent of the busiest GPU, 0 to 100; null when the machine has none or its driver gives no answer.</summary>
    public async Task<double?> PercentAsync(CancellationToken cancellation)
    {
        if (!File.Exists(options.GpuCommand) || !Directory.EnumerateFiles(options.DeviceFolder, "nvidia*").Any())
        {
            return null;
        }

        var start = new ProcessStartInfo(options.GpuCommand) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("--query-gpu=utilization.gpu");
        start.ArgumentList.Add("--format=csv,noheader,nounits");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.JupyterTimeout);
        using var process = Process.Start(start);
        try
        {
            var answer = process is null ? "" : await process.StandardOutput.ReadToEndAsync(limit.Token);
            return Busiest(answer);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process?.Kill();
            return null;
        }
    }

    /// <summary>The largest number of the lines, one for each GPU; one that the driver cannot tell (<c>[N/A]</c>) is passed over.</summary>
    internal static double? Busiest(string answer) => answer.Split('\n')
        .Select(line => double.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? Math.Min(percent, 100) : (double?)null)
        .Max();
}
