using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Client;

/// <summary>/events: one JSON object a line, until the engine goes away.</summary>
internal sealed partial class DockerClient
{
    /// <summary>Events of containers with a label since an instant. It never ends without an exception.</summary>
    public async IAsyncEnumerable<EngineEvent> EventsAsync(
        string label, string value, string[] actions, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filters = Filters(("type", ["container"]), ("label", [$"{label}={value}"]), ("event", actions));
        var instant = (since.ToUnixTimeMilliseconds() / 1000m).ToString("F9", CultureInfo.InvariantCulture);
        using var response = await OpenEventsAsync($"events?since={instant}&filters={filters}", cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (true)
        {
            string? line;
            try
            {
                line = await reader.ReadLineAsync(cancellation);
            }
            catch (Exception exception) when (IsLost(exception))
            {
                throw Socket.Lost(exception);
            }

            if (line is null)
                throw new HostUnavailableException("The Docker engine ended its stream of events.");
            if (JsonSerializer.Deserialize(line, DockerJson.Default.EngineEvent) is { } happening)
                yield return happening;
        }
    }

    private async Task<HttpResponseMessage> OpenEventsAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode)
                return response;
            response.Dispose();
            throw new HostUnavailableException($"The Docker engine refused its stream of events with status {(int)response.StatusCode}.");
        }
        catch (Exception exception) when (IsLost(exception))
        {
            throw Socket.Lost(exception);
        }
    }
}

internal sealed record EngineEvent(string Action, EngineEventActor Actor, [property: JsonPropertyName("timeNano")] long TimeNano);

internal sealed record EngineEventActor(string ID, Dictionary<string, string>? Attributes);
