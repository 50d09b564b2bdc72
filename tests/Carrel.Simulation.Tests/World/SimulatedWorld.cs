using System.Text;
using Carrel.Simulation.Tests.Checks;
using Carrel.TestKit.Engines;

namespace Carrel.Simulation.Tests.World;

/// <summary>What stays while servers come and go: data folder, machines, agents, clock and history; and the server that lives now.</summary>
internal sealed class SimulatedWorld : IAsyncDisposable
{
    internal const string PublicUrl = "https://carrel.example:8443";
    internal const string Subscription = "/subscriptions/" + EngineUnderTest.Subscription;

    /// <summary>Every workspace, and its resource group: that of the last one comes and goes with what is in it.</summary>
    internal static readonly (string Workspace, string Group)[] Workspaces = [("lab", "team"), ("den", "team"), ("far", "team"), ("pit", "crew")];

    private const string Version = "api-version=2024-10-01";

    private SimulatedWorld(SimulatedServer server, EngineHome home, VirtualTime time, ActivityScript activity, History history) =>
        (Server, Home, Time, Activity, History) = (server, home, time, activity, history);

    internal EngineHome Home { get; }

    internal VirtualTime Time { get; }

    internal ActivityScript Activity { get; }

    internal History History { get; }

    internal SimulatedServer Server { get; private set; }

    /// <summary>Whether calls to the host wait, over the lives of servers.</summary>
    internal bool Holding { get; set; }

    /// <summary>Status addresses of every operation that was accepted.</summary>
    internal List<string> Operations { get; } = [];

    /// <summary>A workspace's path; the location is part of the plan: <c>far</c> lies elsewhere.</summary>
    internal static string Workspace(string name) => $"{GroupPath(GroupOf(name))}/providers/Microsoft.MachineLearningServices/workspaces/{name}";

    internal static string GroupOf(string workspace) => workspace == "pit" ? "crew" : "team";

    internal static string GroupPath(string group) => $"{Subscription}/resourceGroups/{group}";

    internal static string Location(string name) => $"{Subscription}/providers/Microsoft.MachineLearningServices/locations/{name}";

    internal static string LocationOf(string workspace) => workspace == "far" ? "elsewhere" : "local";

    internal static async Task<SimulatedWorld> StartAsync()
    {
        var home = new EngineHome();
        var time = new VirtualTime();
        var activity = new ActivityScript(time);
        home.Agents.Activity = _ => activity.Sample();
        var history = new History(time, activity);
        var world = new SimulatedWorld(await SimulatedServer.StartAsync(home, time, history), home, time, activity, history);
        foreach (string group in Workspaces.Select(workspace => workspace.Group).Distinct())
            await world.SendAsync("PUT", GroupPath(group), """{"location":"local"}""");
        foreach (string workspace in Workspaces.Select(workspace => workspace.Workspace))
            await world.SendAsync("PUT", Workspace(workspace), $$"""{"location":"{{LocationOf(workspace)}}"}""");
        return world;
    }

    /// <summary>One call.</summary>
    internal async Task<WireAnswer> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path + (path.Contains('?', StringComparison.Ordinal) ? "" : "?" + Version));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Server.Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return new WireAnswer((int)response.StatusCode, text, response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The server dies, and after some time another one starts on what it left.</summary>
    internal async Task CrashAsync(TimeSpan off)
    {
        await Server.DieAsync();
        Time.Advance(off);
        Server = await SimulatedServer.StartAsync(Home, Time, History);
        if (Holding)
            Server.Host.Hold();
    }

    /// <summary>Moves the clock in pieces that let everybody keep up, as a real clock does.</summary>
    internal async Task WaitAsync(TimeSpan by)
    {
        // The shortest rhythm that matters is the renewal of leases.
        TimeSpan piece = TimeSpan.FromSeconds(History.Now.Running.Any() ? 10 : 20);
        for (TimeSpan left = by; left > TimeSpan.Zero; left -= piece)
        {
            Time.Advance(left < piece ? left : piece);
            await SettleAsync();
        }
    }

    /// <summary>
    /// Waits until nothing happens by itself any more: every running operation waits at the host for a step, or for the clock. How long that
    /// takes is the processor's affair; that a sequence fails never depends on it, only whether it does what it did last time.
    /// </summary>
    internal async Task SettleAsync()
    {
        (int, int) seen = (-1, -1);
        for (int quiet = 0, looks = 0; quiet < 3 && looks < 200; looks++)
        {
            HashSet<string> held = [.. Server.Host.Waiting.Select(call => call.Machine.ToString("D"))];
            SeenOperation[] running = [.. History.Now.Running];
            if (running.Length > 0 && seen != (-1, -1) && History.Committed == History.Position && running.All(operation => held.Contains(operation.Target)))
                return;
            (int, int) now = (History.Position, Server.Host.Calls);
            quiet = now == seen ? quiet + 1 : 0;
            seen = now;
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Home.Dispose();
    }
}
