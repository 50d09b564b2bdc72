using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Carrel.Hosts.Docker.Client;

/// <summary>/containers/ID/archive: files of a container, running or not.</summary>
internal sealed partial class DockerClient
{
    /// <summary>Unpacks a tar below the container's root folder.</summary>
    public async Task UploadAsync(string container, byte[] tar, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(tar);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        (await SendAsync(HttpMethod.Put, $"containers/{container}/archive?path=/", content, cancellation)).ThrowIfFailed();
    }

    /// <summary>What is at a path of the container, or null.</summary>
    public async Task<PathStat?> StatAsync(string container, string path, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Head, $"containers/{container}/archive?path={Uri.EscapeDataString(path)}", null, cancellation);
        answer.ThrowIfFailed(HttpStatusCode.NotFound);
        return answer.PathStat is null
            ? null
            : JsonSerializer.Deserialize(Convert.FromBase64String(answer.PathStat), DockerJson.Default.PathStat);
    }
}

internal sealed record PathStat(
    [property: System.Text.Json.Serialization.JsonPropertyName("name")] string Name,
    [property: System.Text.Json.Serialization.JsonPropertyName("size")] long Size);
