using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Client;

/// <summary>
/// The calls of the Docker Engine API (1.41) that we use, over its socket. One file per API group. A lost or failing engine is
/// <see cref="HostUnavailableException"/>, a no is <see cref="HostRefusedException"/> with the engine's own words.
/// </summary>
internal sealed partial class DockerClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http;

    public DockerClient(DockerSocket socket)
    {
        Socket = socket;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) => await socket.ConnectAsync(cancellation),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                UseProxy = false,
            })
        {
            BaseAddress = new Uri("http://docker/v1.41/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Where the engine listens.</summary>
    public DockerSocket Socket { get; }

    public void Dispose() => _http.Dispose();

    private Task<EngineAnswer> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    private Task<EngineAnswer> PostAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, null, cancellation);

    private Task<EngineAnswer> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body, type), cancellation);

    private Task<EngineAnswer> DeleteAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, path, null, cancellation);

    private async Task<EngineAnswer> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellation, TimeSpan? longer = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience + (longer ?? TimeSpan.Zero));
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await _http.SendAsync(request, deadline.Token);
            var stat = response.Headers.TryGetValues("X-Docker-Container-Path-Stat", out var values) ? values.First() : null;
            return new EngineAnswer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(deadline.Token), stat);
        }
        catch (Exception exception) when (IsLost(exception))
        {
            throw Socket.Lost(exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new HostUnavailableException($"The Docker engine did not answer {method} {path.Split('?')[0]} in time.", exception);
        }
    }

    private static bool IsLost(Exception exception) =>
        exception is HttpRequestException or IOException or System.Net.Sockets.SocketException;

    private static string Filters(params (string Name, string[] Values)[] filters) =>
        Uri.EscapeDataString(JsonSerializer.Serialize(
            filters.ToDictionary(filter => filter.Name, filter => filter.Values), DockerJson.Default.DictionaryStringStringArray));

    private static string LabelFilter(IEnumerable<(string Label, string Value)> labels) =>
        Filters(("label", labels.Select(label => $"{label.Label}={label.Value}").ToArray()));
}

/// <summary>One answer of the engine, read whole.</summary>
internal sealed record EngineAnswer(HttpStatusCode Status, byte[] Body, string? PathStat)
{
    public bool Ok => (int)Status < 400;

    /// <summary>What the engine says about a failure.</summary>
    public string Message
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize(Body, DockerJson.Default.EngineMessage)?.Message ?? $"status {(int)Status}";
            }
            catch (JsonException)
            {
                return $"status {(int)Status}";
            }
        }
    }

    /// <summary>The body of a success; a failure is thrown.</summary>
    public T Read<T>(JsonTypeInfo<T> type)
    {
        ThrowIfFailed();
        try
        {
            return JsonSerializer.Deserialize(Body, type) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new HostUnavailableException("The Docker engine answered something that is not its API.", exception);
        }
    }

    /// <summary>Throws unless the status is a success or one of <paramref name="tolerated"/>.</summary>
    public void ThrowIfFailed(params HttpStatusCode[] tolerated)
    {
        if (!Ok && !tolerated.Contains(Status))
            throw (int)Status >= 500 ? new HostUnavailableException($"The Docker engine failed: {Message}") : Refusal("DockerRefused");
    }

    public HostRefusedException Refusal(string code) => new(code, $"The Docker engine refused: {Message}");
}

internal sealed record EngineMessage([property: System.Text.Json.Serialization.JsonPropertyName("message")] string? Message);
