using System.Diagnostics;
using System.Globalization;

namespace Carrel.Hosts.Docker.Tests.Support;

/// <summary>
/// A piece of the world beyond the host, made of a network namespace: an ordinary address and a link-local one with a listener on both. It
/// shows what the rules let through even where a test machine has no way out.
/// </summary>
internal sealed class Outside(string run) : IAsyncDisposable
{
    public const int Port = 9000;
    private readonly int _third = int.Parse(run[(run.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture) % 250;
    private Process? _listener;

    public string Address => $"198.18.{_third}.2";

    public string LinkLocal => $"169.254.{_third}.2";

    public async Task MakeAsync()
    {
        var (name, link) = Names(run);
        string[] steps =
        [
            $"netns add {name}",
            $"link add {link} type veth peer name outside netns {name}",
            $"address add 198.18.{_third}.1/24 dev {link}",
            $"address add 169.254.{_third}.1/24 dev {link}",
            $"link set {link} up",
            $"-n {name} address add {Address}/24 dev outside",
            $"-n {name} address add {LinkLocal}/24 dev outside",
            $"-n {name} link set outside up",
            $"-n {name} route add default via 198.18.{_third}.1",
        ];
        foreach (var step in steps)
            _ = (await Command.RunAsync("ip", step.Split(' '))).Text;
        _listener = Process.Start("ip", $"netns exec {name} busybox nc -ll -p {Port} -e cat");
    }

    public async Task<bool> ReachesAsync(string address, int port) =>
        (await Command.RunAsync("ip", "netns", "exec", Names(run).Name, "busybox", "nc", "-w", "2", address, $"{port}", "-e", "true")).ExitCode == 0;

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync(run);
        _listener?.Dispose();
    }

    /// <summary>Ends the listener of a run, of this one or of one that was killed, and removes its namespace; the link goes with it.</summary>
    public static async Task RemoveAsync(string run)
    {
        var name = Names(run).Name;
        var listeners = await Command.RunAsync("ip", "netns", "pids", name);
        foreach (var process in listeners.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await Command.RunAsync("kill", process);
        await Command.RunAsync("ip", "netns", "delete", name);
    }

    private static (string Name, string Link) Names(string run)
    {
        var process = run[(run.LastIndexOf('-') + 1)..];
        return ($"carrel-test-{process}", $"crt{process}");
    }
}
