using System.Net;

namespace Carrel.Hosts.Docker.Client;

/// <summary>/networks.</summary>
internal sealed partial class DockerClient
{
    /// <summary>Makes the network. The caller judges a no, which may mean that somebody was faster.</summary>
    public Task<EngineAnswer> CreateNetworkAsync(NetworkBody network, CancellationToken cancellation) =>
        PostAsync("networks/create", network, DockerJson.Default.NetworkBody, cancellation);

    /// <summary>Networks with all these labels; with none, every network of the engine.</summary>
    public async Task<IReadOnlyList<NetworkDetails>> ListNetworksAsync(
        IEnumerable<(string Label, string Value)> labels, CancellationToken cancellation) =>
        (await GetAsync($"networks?filters={LabelFilter(labels)}", cancellation)).Read(DockerJson.Default.ListNetworkDetails);

    /// <summary>Removes the network; false when containers use it.</summary>
    public async Task<bool> DeleteNetworkAsync(string id, CancellationToken cancellation)
    {
        var answer = await DeleteAsync($"networks/{id}", cancellation);
        answer.ThrowIfFailed(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
        return answer.Status != HttpStatusCode.Forbidden;
    }

    public async Task DisconnectAsync(string network, string container, CancellationToken cancellation) =>
        (await PostAsync(
            $"networks/{network}/disconnect", new NetworkAttachment(container) { Force = true }, DockerJson.Default.NetworkAttachment, cancellation))
        .ThrowIfFailed(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);

    public async Task ConnectAsync(string network, string container, string address, CancellationToken cancellation) =>
        (await PostAsync(
            $"networks/{network}/connect",
            new NetworkAttachment(container) { EndpointConfig = Endpoint.Pinned(address) },
            DockerJson.Default.NetworkAttachment,
            cancellation)).ThrowIfFailed();
}

internal sealed record NetworkBody(string Name, Dictionary<string, string> Labels, Dictionary<string, string> Options, AddressManagement IPAM)
{
    public string Driver { get; init; } = "bridge";

    public bool CheckDuplicate { get; init; } = true;

    public bool EnableIPv6 { get; init; }
}

internal sealed record AddressManagement(List<AddressRange>? Config);

internal sealed record AddressRange(string? Subnet, string? Gateway);

internal sealed record NetworkDetails(string Id, string Name, Dictionary<string, string>? Labels, AddressManagement? IPAM);

internal sealed record NetworkAttachment(string Container)
{
    public bool? Force { get; init; }

    public Endpoint? EndpointConfig { get; init; }
}
