using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Http;

/// <summary>Sends requests to one server with one bearer token; retries, shows warnings, and turns refusals into <see cref="CliException"/>.</summary>
internal sealed class ArmClient(CliHost host, HttpClient http, Uri server, string? token) : IDisposable
{
    /// <summary>The version sent with every ARM request; the newest stable one of the published description.</summary>
    public const string ApiVersion = "2025-12-01";

    /// <summary>The server's origin.</summary>
    public Uri Server => server;

    /// <summary>Makes a client for a server.</summary>
    public static ArmClient Create(CliHost host, Uri server, string? certificateFile, string? token)
    {
        var http = new HttpClient(host.CreateHandler(certificateFile), disposeHandler: true);
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("carrel", "1.0"));
        return new ArmClient(host, http, server, token);
    }

    /// <summary>Sends one request; <paramref name="path"/> is a path with query below the server, or an absolute URL on it.</summary>
    /// <exception cref="CliException">The server refused, cannot be reached, or the URL leads elsewhere.</exception>
    /// <param name="method">Its method.</param>
    /// <param name="path">Where to.</param>
    /// <param name="body">JSON, null for none.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <param name="ifMatch">The entity tag that what is changed must still have; null asks for none.</param>
    public async Task<ArmResponse> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancel, string? ifMatch = null)
    {
        host.Trace.Body(host, ">", body?.ToJsonString());
        Func<HttpContent?> content = body is null
            ? () => method == HttpMethod.Post ? new ByteArrayContent([]) : null
            : () => new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await ExchangeAsync(method, Resolve(path), content, cancel, ifMatch);
        var text = await response.Content.ReadAsStringAsync(cancel);
        host.Trace.Body(host, "<", text);
        var requestId = RequestTrace.HeaderOf(response.Headers, "x-ms-request-id");
        if (!response.IsSuccessStatusCode)
            throw ServerError.From((int)response.StatusCode, text, requestId);
        ShowWarnings(response);
        return new ArmResponse((int)response.StatusCode, Parse(text), RequestTrace.HeaderOf(response.Headers, "Azure-AsyncOperation"),
            RequestTrace.HeaderOf(response.Headers, "Location"), RetryPolicy.RetryAfter(response, host.Time.GetUtcNow()),
            RequestTrace.HeaderOf(response.Headers, "ETag"), requestId);
    }

    /// <summary>GET, body only.</summary>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Get, path, null, cancel)).Body;

    /// <summary>All rows of a list, following <c>nextLink</c> (the directory's <c>@odata.nextLink</c>) until there are <paramref name="most"/>; the last page is given whole.</summary>
    public async Task<List<JsonObject>> ListAsync(string path, CancellationToken cancel, int most = 1_000_000)
    {
        var rows = new List<JsonObject>();
        string? next = path;
        while (next is not null && rows.Count < most)
        {
            var page = await GetAsync(next, cancel) as JsonObject;
            rows.AddRange((page?["value"] as JsonArray ?? []).OfType<JsonObject>());
            next = (page?["nextLink"] ?? page?["@odata.nextLink"])?.ToString() is { Length: > 0 } link ? link : null;
        }
        return rows;
    }

    /// <summary>Posts a form without a token (the sign-in routes) and answers status and body whatever they are.</summary>
    public async Task<(int Status, string Body)> PostFormAsync(string path, IReadOnlyDictionary<string, string> form, CancellationToken cancel)
    {
        using var response = await ExchangeAsync(HttpMethod.Post, Resolve(path), () => new FormUrlEncodedContent(form), cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> ExchangeAsync(HttpMethod method, Uri address, Func<HttpContent?> content, CancellationToken cancel, string? ifMatch = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, address) { Content = content() };
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (ifMatch is not null)
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            var started = host.Time.GetTimestamp();
            var response = await TrySendAsync(request, cancel);
            host.Trace.Exchange(host, request, response, host.Time.GetElapsedTime(started));
            if (response.StatusCode == HttpStatusCode.MisdirectedRequest)
                throw new CliException(ExitCode.Unreachable,
                    $"The server does not answer to the name {server.Authority}: set CARREL_URL to the address that up.sh printed.");
            if (!RetryPolicy.IsTransient(response.StatusCode) || attempt == RetryPolicy.Retries)
                return response;
            var delay = RetryPolicy.DelayBeforeRetry(response, attempt, host.Time.GetUtcNow());
            response.Dispose();
            await Task.Delay(delay, host.Time, cancel);
        }
    }

    private async Task<HttpResponseMessage> TrySendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await http.SendAsync(request, cancel);
        }
        catch (HttpRequestException problem) when (problem.InnerException is AuthenticationException)
        {
            throw new CliException(ExitCode.Unreachable,
                $"The certificate of {server.GetLeftPart(UriPartial.Authority)} is not trusted for that name: set CARREL_CA to the server's CA file "
                + "(up.sh prints where it is), and check the host name in CARREL_URL.", problem);
        }
        catch (HttpRequestException problem)
        {
            throw Unreachable(problem, problem.Message);
        }
        catch (OperationCanceledException problem) when (!cancel.IsCancellationRequested)
        {
            throw Unreachable(problem, "no answer in time");
        }
    }

    private CliException Unreachable(Exception problem, string reason) => new(ExitCode.Unreachable,
        $"The server at {server.GetLeftPart(UriPartial.Authority)} cannot be reached ({reason}): start it with up.sh, or correct CARREL_URL.", problem);

    private Uri Resolve(string path)
    {
        var address = new Uri(server, path);
        // The server names the URLs of operations and next pages; the token goes to no other origin.
        if (Uri.Compare(address, server, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
            throw new CliException(ExitCode.Refused, $"The server pointed to {address.Host}, which is not itself; nothing was sent there.");
        return address;
    }

    private void ShowWarnings(HttpResponseMessage response)
    {
        foreach (var warning in response.Headers.Warning)
            host.Warn(warning.Text.Trim('"').Replace("\\\"", "\"", StringComparison.Ordinal));
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.Unreachable, "The server's answer is not JSON: does CARREL_URL name a Carrel server?");
        }
    }
}
