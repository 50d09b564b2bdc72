using System.Net;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Client;

/// <summary>/volumes.</summary>
internal sealed partial class DockerClient
{
    /// <summary>Makes the volume; when one of that name exists, that one is answered, with its own labels.</summary>
    public async Task<VolumeDetails> CreateVolumeAsync(VolumeBody volume, CancellationToken cancellation) =>
        (await PostAsync("volumes/create", volume, DockerJson.Default.VolumeBody, cancellation)).Read(DockerJson.Default.VolumeDetails);

    public async Task<IReadOnlyList<VolumeDetails>> ListVolumesAsync(
        IEnumerable<(string Label, string Value)> labels, CancellationToken cancellation) =>
        (await GetAsync($"volumes?filters={LabelFilter(labels)}", cancellation)).Read(DockerJson.Default.VolumeList).Volumes ?? [];

    /// <summary>Removes the volume, or sees that it is gone.</summary>
    /// <exception cref="HostUnavailableException">
    /// Something still uses it. That passes: the engine goes on with the creation of a container whose client was killed, and lists the
    /// container only when it is made; asked again, the caller finds and removes it.
    /// </exception>
    public async Task DeleteVolumeAsync(string name, CancellationToken cancellation)
    {
        var answer = await DeleteAsync($"volumes/{name}", cancellation);
        if (answer.Status == HttpStatusCode.Conflict)
            throw new HostUnavailableException($"The Docker engine cannot remove the volume yet: {answer.Message}");
        answer.ThrowIfFailed(HttpStatusCode.NotFound);
    }
}

internal sealed record VolumeBody(string Name, Dictionary<string, string> Labels);

internal sealed record VolumeDetails(string Name, Dictionary<string, string>? Labels);

internal sealed record VolumeList(List<VolumeDetails>? Volumes);
