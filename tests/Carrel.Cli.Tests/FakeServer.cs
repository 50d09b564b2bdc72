using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Carrel.Cli.Tests;

internal sealed record SeenRequest(string Method, string Path, string Query, string Body, string? Authorization, string? IfMatch)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}

/// <summary>An ARM server in memory: routes by "METHOD /path", each with the answers it gives in turn (the last one stays).</summary>
internal sealed class FakeServer : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<Func<HttpResponseMessage>>> _routes = new(StringComparer.OrdinalIgnoreCase);

    public List<SeenRequest> Seen { get; } = [];

    /// <summary>Called before each answer.</summary>
    public Action<SeenRequest>? OnRequest { get; set; }

    public IEnumerable<SeenRequest> To(string method) => Seen.Where(request => request.Method == method && !request.Path.Contains("oauth2", StringComparison.Ordinal));

    /// <summary>Forgets what a route answered so far.</summary>
    public FakeServer Replace(string route, int status, string body = "", params (string Name, string Value)[] headers)
    {
        _routes.Remove(route);
        return On(route, status, body, headers);
    }

    /// <summary>The body that a route would answer next.</summary>
    public string Answer(string route)
    {
        using var response = _routes[route].Peek()();
        return response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
    }

    public FakeServer On(string route, int status, string body = "", params (string Name, string Value)[] headers)
    {
        if (!_routes.TryGetValue(route, out var answers))
            _routes[route] = answers = new();
        answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers)
                response.Headers.TryAddWithoutValidation(name, value);
            return response;
        });
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var seen = new SeenRequest(request.Method.Method, request.RequestUri!.AbsolutePath, request.RequestUri.Query,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancel), request.Headers.Authorization?.ToString(),
            request.Headers.TryGetValues("If-Match", out var tags) ? tags.Single() : null);
        // Some tests run several commands at a time.
        lock (_routes)
            return Answer(seen);
    }

    private HttpResponseMessage Answer(SeenRequest seen)
    {
        Seen.Add(seen);
        OnRequest?.Invoke(seen);
        if (!_routes.TryGetValue($"{seen.Method} {seen.Path}", out var answers))
            return new HttpResponseMessage(HttpStatusCode.NotFound)
            {
                Content = new StringContent("""{"error":{"code":"ResourceNotFound","message":"The test server has no such route."}}"""),
            };
        return (answers.Count > 1 ? answers.Dequeue() : answers.Peek())();
    }
}
