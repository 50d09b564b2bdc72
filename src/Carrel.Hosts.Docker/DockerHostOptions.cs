using System.Net;

namespace Carrel.Hosts.Docker;

/// <summary>What one Docker host needs to know.</summary>
public sealed record DockerHostOptions
{
    /// <summary>
    /// Identity of the installation: the label value that separates installations which share an engine. Made once, kept in the data folder.
    /// </summary>
    public required Guid Installation { get; init; }

    /// <summary>Reference of the workstation image, such as <c>carrel/workstation:minimal</c>; it must be on the engine already.</summary>
    public required string Image { get; init; }

    /// <summary>Absolute path of the host's folder that holds <c>carrel-agent</c> and <c>carrel</c>; machines see it read-only as <c>/opt/carrel/agent</c>.</summary>
    public required string AgentFolder { get; init; }

    /// <summary>
    /// Address of the engine, <c>unix:///path</c>. By default <c>DOCKER_HOST</c>, else <c>/var/run/docker.sock</c>. Only sockets are
    /// accepted: mounts and packet filter rules are made on the machine the server runs on.
    /// </summary>
    public string? Endpoint { get; init; }

    /// <summary>IPv4 range from which each network takes a /24 that nothing else uses; a prefix of 8 to 24.</summary>
    public IPNetwork AddressPool { get; init; } = new(IPAddress.Parse("10.186.0.0"), 16);

    /// <summary>Port on which the server's metadata service listens; machines find it at 169.254.169.254. Null for none.</summary>
    public int? MetadataPort { get; init; }

    /// <summary>
    /// What the names of this installation's bridges begin with, and by which the host rules know them. An interface name has at most 15
    /// characters: these 7 and 8 of the network's id.
    /// </summary>
    public string BridgePrefix => $"cr{Installation.ToString("N")[^4..]}-";
}
