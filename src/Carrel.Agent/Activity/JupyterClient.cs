using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Activity;

/// <summary>
/// Asks the machine's Jupyter. Every call carries <c>no_track_activity=1</c>, because without it the question itself counts as activity.
/// Answers are bounded: the process that answers belongs to the user.
/// </summary>
internal sealed class JupyterClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly AgentOptions _options;
    private readonly TimeProvider _time;

    /// <summary>A client that shows Jupyter its derived secret.</summary>
    public JupyterClient(AgentOptions options, string secret, TimeProvider time)
    {
        _options = options;
        _time = time;
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.JupyterTimeout,
            MaxResponseHeadersLength = 16,
        })
        {
            BaseAddress = options.Jupyter,
            Timeout = options.JupyterTimeout,
            MaxResponseContentBufferSize = AgentContract.LargestAnswerBytes,
        };
        _client.DefaultRequestHeaders.Add(MachineSecret.JupyterHeader, secret);
    }

    /// <summary>Every kernel, or null when Jupyter gives no proper answer.</summary>
    public Task<List<JupyterKernel>?> KernelsAsync(CancellationToken cancellation) =>
        ListAsync("api/kernels", JupyterJson.Default.ListJupyterKernel, cancellation);

    /// <summary>Every terminal, oldest first, or null when Jupyter gives no proper answer.</summary>
    public Task<List<JupyterTerminal>?> TerminalsAsync(CancellationToken cancellation) =>
        ListAsync("api/terminals", JupyterJson.Default.ListJupyterTerminal, cancellation);

    /// <summary>Asks again and again until Jupyter answers or the wait is over; a wait of zero asks once.</summary>
    public async Task<Readiness> WaitUntilReadyAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var reason = await UnreadinessAsync(cancellation);
            if (reason is null || _time.GetElapsedTime(started) >= wait)
            {
                return new Readiness(reason is null, reason);
            }

            await Task.Delay(_options.Pause, _time, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string Ask(string path) => $"{path}?no_track_activity=1";

    private async Task<string?> UnreadinessAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.GetAsync(Ask("api/status"), cancellation);
            return answer.StatusCode == HttpStatusCode.OK ? null : $"Jupyter answers {(int)answer.StatusCode}.";
        }
        catch (Exception failure) when (IsNoAnswer(failure, cancellation))
        {
            return "Jupyter does not answer.";
        }
    }

    private async Task<List<T>?> ListAsync<T>(string path, JsonTypeInfo<List<T>> type, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.GetAsync(Ask(path), cancellation);
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                // A Jupyter without terminals has no such path.
                return [];
            }

            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }

            var entries = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellation), type);
            return entries is null || entries.Any(static entry => entry is null) ? null : entries;
        }
        catch (Exception failure) when (failure is JsonException || IsNoAnswer(failure, cancellation))
        {
            return null;
        }
    }

    private static bool IsNoAnswer(Exception failure, CancellationToken cancellation) =>
        failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);
}
