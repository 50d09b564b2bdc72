using System.Diagnostics;

namespace Carrel.TestKit.Servers;

/// <summary>What an installation has on the Docker engine, found by label as an operator would.</summary>
/// <param name="Containers">Ids of containers.</param>
/// <param name="Networks">Ids of networks.</param>
/// <param name="Volumes">Names of volumes.</param>
public sealed record DockerObjects(IReadOnlyList<string> Containers, IReadOnlyList<string> Networks, IReadOnlyList<string> Volumes)
{
    /// <summary>Counts what is there now.</summary>
    public static async Task<DockerObjects> OfAsync(string installation)
    {
        string filter = "label=carrel.installation=" + installation;
        return new DockerObjects(
            await LinesAsync("ps", "-aq", "--no-trunc", "--filter", filter),
            await LinesAsync("network", "ls", "-q", "--filter", filter),
            await LinesAsync("volume", "ls", "-q", "--filter", filter));
    }

    /// <summary>Runs a command in a container as azureuser; its output.</summary>
    public static async Task<string> ExecuteAsync(string container, string command)
    {
        (int code, string output) = await RunAsync(["exec", "-u", "azureuser", container, "/bin/sh", "-c", command]);
        return code == 0 ? output.Trim() : throw new InvalidOperationException($"'{command}' ended with {code}: {output}");
    }

    /// <summary>Runs docker; its exit code and output.</summary>
    public static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process docker = Process.Start(start)!;
        Task<string> output = docker.StandardOutput.ReadToEndAsync();
        Task<string> errors = docker.StandardError.ReadToEndAsync();
        await docker.WaitForExitAsync();
        return (docker.ExitCode, await output + await errors);
    }

    private static async Task<string[]> LinesAsync(params string[] arguments)
    {
        (int code, string output) = await RunAsync(arguments);
        return code == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException(output);
    }
}
