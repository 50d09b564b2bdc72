using System.Globalization;
using Carrel.Hosts.Docker.Client;

namespace Carrel.Hosts.Docker.Daemon;

/// <summary>
/// When the engine's process started. The API does not say, and without it a machine that went down with the engine looks like one that
/// ended by itself.
/// </summary>
internal sealed class DaemonStart(DockerSocket socket, TimeProvider time)
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux we run on

    /// <summary>The instant, or null when it cannot be known.</summary>
    public async Task<DateTimeOffset?> ReadAsync(CancellationToken cancellation)
    {
        var peer = await socket.PeerProcessAsync(cancellation);
        try
        {
            // With socket activation the peer is the service manager; the engine then leaves its number here.
            if (!IsDaemon(peer) && !(int.TryParse(await ReadOrEmptyAsync("/var/run/docker.pid", cancellation), out peer) && IsDaemon(peer)))
                return null;
            var uptime = await File.ReadAllTextAsync("/proc/uptime", cancellation);
            return StartOf(await File.ReadAllTextAsync($"/proc/{peer}/stat", cancellation), uptime, time.GetUtcNow());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>From <c>/proc/PID/stat</c> (field 22, ticks since boot) and <c>/proc/uptime</c> (seconds since boot).</summary>
    public static DateTimeOffset StartOf(string stat, string uptime, DateTimeOffset now)
    {
        // The second field is the program's name in parentheses and may hold anything.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var started = double.Parse(fields[19], CultureInfo.InvariantCulture) / TicksPerSecond;
        return now - TimeSpan.FromSeconds(double.Parse(uptime.Split(' ')[0], CultureInfo.InvariantCulture) - started);
    }

    private static bool IsDaemon(int process)
    {
        var name = $"/proc/{process}/comm";
        return process > 0 && File.Exists(name) && File.ReadAllText(name).Trim() == "dockerd";
    }

    private static async Task<string> ReadOrEmptyAsync(string path, CancellationToken cancellation) =>
        File.Exists(path) ? (await File.ReadAllTextAsync(path, cancellation)).Trim() : "";
}
