using System.Globalization;
using Carrel.Hosts.Docker.Tests.Support;
using Carrel.Instances.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace Carrel.Hosts.Docker.Tests.Support;

/// <summary>
/// What one run of the tests makes outside its process: a folder named after the process, with a file per installation, and an image.
/// A run that was killed leaves the folder; the next one finds it and removes everything it names.
/// </summary>
public sealed class TestRun : IAsyncLifetime
{
    private const string Prefix = "carrel-docker-tests-";
    private string _folder = "";

    /// <summary>Names what this run makes.</summary>
    public string Name => Path.GetFileName(_folder);

    public string Image { get; private set; } = "";

    public string AgentFolder => Path.Combine(_folder, "agent");

    public static DockerInstanceHost HostOf(DockerHostOptions options) => new(options, TimeProvider.System, NullLogger<DockerInstanceHost>.Instance);

    /// <summary>Options of a new installation, which is purged at the end at the latest.</summary>
    public DockerHostOptions NewOptions()
    {
        var installation = Guid.NewGuid();
        File.WriteAllText(Path.Combine(_folder, "installations", installation.ToString()), "");
        return new DockerHostOptions { Installation = installation, Image = Image, AgentFolder = AgentFolder };
    }

    public string NewShare() => Directory.CreateDirectory(Path.Combine(_folder, "shares", Guid.NewGuid().ToString("N"))).FullName;

    public async ValueTask InitializeAsync()
    {
        foreach (var leftover in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var process = int.Parse(leftover[(leftover.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
            if (process == Environment.ProcessId || !Directory.Exists($"/proc/{process}"))
                await RemoveAsync(leftover);
        }

        _folder = Path.Combine(Path.GetTempPath(), Prefix + Environment.ProcessId);
        Directory.CreateDirectory(Path.Combine(_folder, "installations"));
        Directory.CreateDirectory(AgentFolder);
        Image = await TinyImage.MakeAsync(Path.GetFileName(_folder));
    }

    public async ValueTask DisposeAsync() => await RemoveAsync(_folder);

    private static async Task RemoveAsync(string folder)
    {
        // Strangers that a test put beside its machines carry the label of the run's image and no installation's.
        var containers = await Command.RunAsync("docker", "ps", "--all", "--quiet", "--filter", $"label=carrel.test={Path.GetFileName(folder)}");
        foreach (var container in containers.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await Command.RunAsync("docker", "rm", "--force", container);
        foreach (var installation in Directory.GetFiles(Path.Combine(folder, "installations")))
        {
            using var host = HostOf(new() { Installation = Guid.Parse(Path.GetFileName(installation)), Image = "none", AgentFolder = "/none" });
            await host.PurgeAsync(CancellationToken.None);
        }

        await Outside.RemoveAsync(Path.GetFileName(folder));
        await Outside.RemoveAsync($"{Path.GetFileName(folder)}1");
        await Outside.RemoveAsync($"{Path.GetFileName(folder)}2");
        await Command.RunAsync("docker", "image", "rm", "--force", TinyImage.Reference(Path.GetFileName(folder)));
        Directory.Delete(folder, recursive: true);
    }
}
