using System.Net;

namespace Carrel.Hosts.Docker.Client;

/// <summary>/images.</summary>
internal sealed partial class DockerClient
{
    /// <summary>The image, or null when the engine does not have it.</summary>
    public async Task<ImageDetails?> InspectImageAsync(string reference, CancellationToken cancellation)
    {
        var answer = await GetAsync($"images/{reference}/json", cancellation);
        return answer.Status == HttpStatusCode.NotFound ? null : answer.Read(DockerJson.Default.ImageDetails);
    }
}

internal sealed record ImageDetails(string Id, ImageConfiguration? Config = null);

internal sealed record ImageConfiguration(Dictionary<string, string>? Labels);
