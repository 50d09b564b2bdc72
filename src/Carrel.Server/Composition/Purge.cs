using Carrel.Hosts.Docker;
using Carrel.Server.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carrel.Server.Composition;

/// <summary>Removes every object and rule of this installation from its host; the data folder is left to whoever asked.</summary>
internal static class Purge
{
    internal static async Task RunAsync(ServerOptions options)
    {
        using DataFolder folder = DataFolder.Open(options.DataFolder);
        using var host = new DockerInstanceHost(HostOptions.For(options, folder), TimeProvider.System, NullLogger<DockerInstanceHost>.Instance);
        await host.PurgeAsync(CancellationToken.None);
    }
}
