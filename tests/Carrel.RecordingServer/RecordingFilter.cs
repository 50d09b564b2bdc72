using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.RecordingServer;

/// <summary>Stands before everything else in the server and keeps a copy of what goes out. An answer is written down before the client has it.</summary>
internal sealed class RecordingFilter(string file) : IStartupFilter
{
    private static readonly string[] Recorded = ["/subscriptions", "/tenants", "/metadata/endpoints"];
    private readonly Lock _writing = new();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(RecordAsync);
        next(app);
    };

    private async Task RecordAsync(HttpContext http, RequestDelegate next)
    {
        var path = new PathString("/" + http.Request.Path.Value!.TrimStart('/'));
        if (!Recorded.Any(prefix => path.StartsWithSegments(prefix)))
        {
            await next(http);
            return;
        }

        Stream client = http.Response.Body;
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = client;
        }

        Write(http, answer.ToArray());
        answer.Position = 0;
        await answer.CopyToAsync(client);
    }

    private void Write(HttpContext http, byte[] body)
    {
        var headers = new JsonObject();
        foreach (string name in new[] { "Azure-AsyncOperation", "Location", "Retry-After", "Content-Type", "x-ms-request-id", "x-ms-correlation-request-id" })
        {
            if (http.Response.Headers.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value))
                headers[name] = value.ToString();
        }

        var line = new JsonObject
        {
            ["method"] = http.Request.Method,
            ["path"] = http.Request.Path.Value,
            ["query"] = http.Request.QueryString.Value,
            ["agent"] = http.Request.Headers.UserAgent.ToString(),
            ["status"] = http.Response.StatusCode,
            ["headers"] = headers,
            ["body"] = body.Length == 0 ? null : JsonNode.Parse(body),
        };
        lock (_writing)
            File.AppendAllText(file, line.ToJsonString(JsonSerializerOptions.Default) + "\n");
    }
}
