using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carrel.AgentProtocol;

namespace Carrel.Engine.Agents;

/// <summary>An agent over one TCP connection that is used up with this object. Whose it is was proved before it came here.</summary>
internal sealed class HttpAgent : IAgent
{
    private readonly HttpClient _client;
    private readonly AgentConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ConnectionWatch _connection;

    /// <summary>Speaks over <paramref name="connection"/> and owns it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="endpoint">Where it leads.</param>
    /// <param name="bearer">What an agent from before there were lines for requests wants with each of them; null for all others.</param>
    /// <param name="options">Times.</param>
    /// <param name="time">The clock.</param>
    public HttpAgent(Stream connection, AgentEndpoint endpoint, string? bearer, AgentConnectionOptions options, TimeProvider time)
    {
        Endpoint = endpoint;
        _options = options;
        _time = time;
        _connection = new ConnectionWatch(connection);
        var once = _connection as Stream;
        var handler = new SocketsHttpHandler
        {
            // The address may belong to another machine by the time a lost connection would be opened again.
            ConnectCallback = (_, _) => Interlocked.Exchange(ref once, null) is { } first
                ? ValueTask.FromResult(first)
                : ValueTask.FromException<Stream>(new IOException("The connection to the machine is lost.")),
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = false,
            MaxResponseHeadersLength = 16,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = options.KeepAlive,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        };
        _client = new HttpClient(handler)
        {
            BaseAddress = new UriBuilder(Uri.UriSchemeHttp, endpoint.Address, endpoint.Port).Uri,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            MaxResponseContentBufferSize = AgentContract.LargestAnswerBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (bearer is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }
    }

    /// <inheritdoc/>
    public AgentEndpoint Endpoint { get; }

    /// <inheritdoc/>
    public bool IsConnected => !_connection.IsLost;

    /// <inheritdoc/>
    public async Task<AgentHealth> HealthAsync(CancellationToken cancellation) =>
        AnswerCheck.Health(await AskAsync(HttpMethod.Get, AgentContract.HealthPath, null, AgentJson.Default.AgentHealth, _options.RequestTimeout, cancellation));

    /// <inheritdoc/>
    public async Task<AgentHealth> ConfigureAsync(MachineSettings settings, CancellationToken cancellation)
    {
        using var body = Body(settings, AgentJson.Default.MachineSettings);
        return AnswerCheck.Health(
            await AskAsync(HttpMethod.Put, AgentContract.SettingsPath, body, AgentJson.Default.AgentHealth, _options.RequestTimeout, cancellation));
    }

    /// <inheritdoc/>
    public async Task<MachineActivity> ActivityAsync(CancellationToken cancellation) =>
        AnswerCheck.Activity(
            await AskAsync(HttpMethod.Get, AgentContract.ActivityPath, null, AgentJson.Default.MachineActivity, _options.RequestTimeout, cancellation));

    /// <inheritdoc/>
    public async Task<AgentHealth> EndEditorAsync(string id, CancellationToken cancellation) => AnswerCheck.Health(await AskAsync(
        HttpMethod.Delete, AgentContract.EditorsPath + Uri.EscapeDataString(id), null, AgentJson.Default.AgentHealth, _options.RequestTimeout, cancellation));

    /// <inheritdoc/>
    public async Task<AgentHealth> SwitchServiceAsync(string service, bool up, CancellationToken cancellation)
    {
        using var body = Body(new ServiceSwitch(up), AgentJson.Default.ServiceSwitch);
        var path = AgentContract.ServicesPath + Uri.EscapeDataString(service);
        return AnswerCheck.Health(await AskAsync(HttpMethod.Put, path, body, AgentJson.Default.AgentHealth, _options.RequestTimeout, cancellation));
    }

    /// <inheritdoc/>
    public async Task<int> NotifyAsync(string text, CancellationToken cancellation)
    {
        using var body = Body(new TerminalNotice(text), AgentJson.Default.TerminalNotice);
        return AnswerCheck.Notice(
            await AskAsync(HttpMethod.Post, AgentContract.NoticePath, body, AgentJson.Default.TerminalNoticeResult, _options.RequestTimeout, cancellation)).Terminals;
    }

    /// <inheritdoc/>
    public async Task<Readiness> WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var left = limit - _time.GetElapsedTime(started);
            var wait = Math.Clamp(left.TotalSeconds, 0, AgentContract.LongestReadyWaitSeconds);
            var path = string.Create(CultureInfo.InvariantCulture, $"{AgentContract.ReadyPath}?wait={wait:0.###}");
            var timeout = _options.RequestTimeout + TimeSpan.FromSeconds(wait);
            var readiness = AnswerCheck.Ready(await AskAsync(HttpMethod.Get, path, null, AgentJson.Default.Readiness, timeout, cancellation));
            if (readiness.Ready || _time.GetElapsedTime(started) >= limit)
            {
                return readiness;
            }

            // An agent that answers "not ready" at once must not make this a busy loop.
            await Task.Delay(_options.ConnectPause, _time, cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _connection.DisposeAsync();
    }

    private static ByteArrayContent Body<T>(T message, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(message, type))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
    };

    private async Task<T> AskAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellation)
        where T : class
    {
        using var late = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        using var request = new HttpRequestMessage(method, path) { Content = body, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        try
        {
            using var answer = await _client.SendAsync(request, either.Token);
            return AnswerCheck.Read(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(either.Token), type);
        }
        catch (HttpRequestException tooLarge) when (tooLarge.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new AgentProtocolException("AnswerTooLarge", $"The agent at {Endpoint} sent more than the allowed size.", tooLarge);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or ObjectDisposedException)
        {
            throw new AgentUnreachableException($"The connection to the agent at {Endpoint} is lost.", lost);
        }
        catch (OperationCanceledException timedOut) when (!cancellation.IsCancellationRequested)
        {
            throw new AgentUnreachableException($"The agent at {Endpoint} did not answer {method} {path} in time.", timedOut);
        }
    }
}
