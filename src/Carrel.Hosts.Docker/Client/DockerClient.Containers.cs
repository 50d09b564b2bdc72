using System.Globalization;
using System.Net;

namespace Carrel.Hosts.Docker.Client;

/// <summary>/containers.</summary>
internal sealed partial class DockerClient
{
    /// <summary>Makes a container. The caller judges a no, which may mean that somebody was faster.</summary>
    public Task<EngineAnswer> CreateContainerAsync(string name, ContainerBody body, CancellationToken cancellation) =>
        PostAsync($"containers/create?name={name}", body, DockerJson.Default.ContainerBody, cancellation);

    public async Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(
        IEnumerable<(string Label, string Value)> labels, CancellationToken cancellation) =>
        (await GetAsync($"containers/json?all=true&filters={LabelFilter(labels)}", cancellation)).Read(DockerJson.Default.ListContainerSummary);

    /// <summary>The container, or null when it is gone.</summary>
    public async Task<ContainerDetails?> InspectContainerAsync(string id, CancellationToken cancellation)
    {
        var answer = await GetAsync($"containers/{id}/json", cancellation);
        return answer.Status == HttpStatusCode.NotFound ? null : answer.Read(DockerJson.Default.ContainerDetails);
    }

    /// <summary>Starts it. The caller judges a no: the engine says 500 for a mount or an address that is not to be had.</summary>
    public Task<EngineAnswer> StartContainerAsync(string id, CancellationToken cancellation) =>
        PostAsync($"containers/{id}/start", cancellation);

    public async Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellation)
    {
        var seconds = ((int)Math.Ceiling(grace.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        (await SendAsync(HttpMethod.Post, $"containers/{id}/stop?t={seconds}", null, cancellation, longer: grace))
            .ThrowIfFailed(HttpStatusCode.NotFound);
    }

    /// <summary>Removes it, running or not, and returns when it is gone.</summary>
    public async Task DeleteContainerAsync(string id, CancellationToken cancellation)
    {
        var answer = await DeleteAsync($"containers/{id}?v=true&force=true", cancellation);
        answer.ThrowIfFailed(HttpStatusCode.NotFound, HttpStatusCode.Conflict);

        // 409: somebody else is removing it right now.
        if (answer.Status == HttpStatusCode.Conflict)
            (await PostAsync($"containers/{id}/wait?condition=removed", cancellation)).ThrowIfFailed(HttpStatusCode.NotFound);
    }
}

internal sealed record ContainerCreated(string Id);

internal sealed record ContainerSummary(
    string Id, string State, Dictionary<string, string>? Labels, ContainerNetworks? NetworkSettings);

internal sealed record ContainerNetworks(Dictionary<string, Endpoint>? Networks);

internal sealed record ContainerDetails(
    string Id, string Name, ContainerState State, ContainerConfiguration Config, ContainerNetworks? NetworkSettings);

internal sealed record ContainerConfiguration(Dictionary<string, string>? Labels);

internal sealed record ContainerState(
    string Status, bool OOMKilled, string? Error, int ExitCode, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

/// <summary>A container's place on a network. The pinned address is configuration and stays; <c>IPAddress</c> is empty while it does not run.</summary>
internal sealed record Endpoint
{
    public EndpointAddresses? IPAMConfig { get; init; }

    public string? IPAddress { get; init; }

    public string? NetworkID { get; init; }

    public static Endpoint Pinned(string address) => new() { IPAMConfig = new EndpointAddresses(address) };
}

internal sealed record EndpointAddresses(string? IPv4Address);

internal sealed record ContainerBody(
    string Image, string Hostname, Dictionary<string, string> Labels, ContainerHostConfiguration HostConfig, ContainerNetworking NetworkingConfig);

internal sealed record ContainerNetworking(Dictionary<string, Endpoint> EndpointsConfig);

internal sealed record ContainerHostConfiguration
{
    public required long NanoCpus { get; init; }

    public required long Memory { get; init; }

    public required long MemorySwap { get; init; }

    public required long PidsLimit { get; init; }

    public required long ShmSize { get; init; }

    public required string NetworkMode { get; init; }

    public required RestartPolicy RestartPolicy { get; init; }

    public required List<string> CapDrop { get; init; }

    public required List<string> CapAdd { get; init; }

    public required List<string> SecurityOpt { get; init; }

    public required LogConfiguration LogConfig { get; init; }

    public required List<ContainerMount> Mounts { get; init; }

    public required bool Init { get; init; }
}

internal sealed record RestartPolicy(string Name);

internal sealed record LogConfiguration(string Type, Dictionary<string, string> Config);

internal sealed record ContainerMount(string Type, string Target, string? Source = null, bool ReadOnly = false)
{
    public TemporaryFileSystem? TmpfsOptions { get; init; }
}

internal sealed record TemporaryFileSystem(long SizeBytes, int Mode);
