using Carrel.Hosts.Docker;
using Carrel.Server.Configuration;

namespace Carrel.Server.Composition;

/// <summary>The Docker host's settings, from the operator's.</summary>
internal static class HostOptions
{
    internal static DockerHostOptions For(ServerOptions options, DataFolder folder, int? metadataPort = null) => new()
    {
        Installation = folder.Installation,
        Image = options.Image,
        AgentFolder = options.AgentFolder,
        AddressPool = options.AddressPool,
        MetadataPort = metadataPort,
    };
}
