using System.Diagnostics;
using System.Net;
using Carrel.TestKit.Servers;

namespace Carrel.Bench.InstanceLife;

/// <summary>Without Carrel: the same image and JupyterLab by the docker client, nothing switched on that Carrel adds.</summary>
internal sealed class DockerLife(string image) : ILife
{
    private const string Label = "carrel.bench=bare";
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromMilliseconds(500) });

    public string Name => "docker";

    public async Task<Lap> RunAsync(int round)
    {
        long begun = Stopwatch.GetTimestamp();
        string id = (await DockerAsync(
            // Without the image's configuration, which lets nobody in but the gateway.
            "run", "-d", "--label", Label, "-e", "JUPYTER_NO_CONFIG=1", "--entrypoint", "/usr/bin/tini", "-u", "azureuser", image, "-g", "--",
            "jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser", "--IdentityProvider.token=")).Trim().Split('\n')[^1];
        try
        {
            await FirstAnswerAsync(id);
            TimeSpan create = Stopwatch.GetElapsedTime(begun);

            begun = Stopwatch.GetTimestamp();
            await DockerAsync("stop", "-t", "10", id);
            TimeSpan stop = Stopwatch.GetElapsedTime(begun);

            begun = Stopwatch.GetTimestamp();
            await DockerAsync("start", id);
            await FirstAnswerAsync(id);
            return new Lap(create, stop, Stopwatch.GetElapsedTime(begun));
        }
        finally
        {
            await DockerObjects.RunAsync("rm", "-f", "-v", id);
        }
    }

    private static async Task FirstAnswerAsync(string id)
    {
        string address = (await DockerAsync("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", id)).Trim();
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await Http.GetAsync($"http://{address}:8888/api/status");
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet, or not reachable yet: a new address can take a moment.
            }

            await Task.Delay(10);
        }
    }

    private static async Task<string> DockerAsync(params string[] arguments)
    {
        (int code, string output) = await DockerObjects.RunAsync(arguments);
        return code == 0 ? output : throw new InvalidOperationException(output);
    }
}
