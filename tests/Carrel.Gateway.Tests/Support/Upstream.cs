using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carrel.Gateway.Tests.Support;

/// <summary>What a machine got to see.</summary>
internal sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    internal string All => $"{Method} {Target}\n{string.Join('\n', Headers.Select(header => header.Key + ": " + header.Value))}\n\n{Body}";
}

/// <summary>Stands for Jupyter: remembers what it got, echoes WebSocket frames.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app) => _app = app;

    internal ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>Headers of the next answers.</summary>
    internal ConcurrentQueue<(string Name, string Value)> AnswerHeaders { get; } = new();

    internal int Port { get; private set; }

    internal static async Task<Upstream> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        WebApplication app = builder.Build();
        var upstream = new Upstream(app);
        app.UseWebSockets();
        app.Run(upstream.AnswerAsync);
        await app.StartAsync();
        upstream.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Dictionary<string, string> headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        if (context.WebSockets.IsWebSocketRequest)
        {
            Seen.Enqueue(new SeenRequest(request.Method, target, headers, ""));
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await EchoAsync(socket, context.RequestAborted);
            return;
        }

        if (target.StartsWith("/count", StringComparison.Ordinal))
        {
            long count = 0;
            byte[] buffer = new byte[81920];
            for (int read; (read = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
                count += read;
            await context.Response.WriteAsync(count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return;
        }

        string body = await new StreamReader(request.Body).ReadToEndAsync();
        Seen.Enqueue(new SeenRequest(request.Method, target, headers, body));
        while (AnswerHeaders.TryDequeue(out (string Name, string Value) header))
            context.Response.Headers.Append(header.Name, header.Value);
        await context.Response.WriteAsync("from the machine");
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancellation)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, cancellation);
                if (received.MessageType == WebSocketMessageType.Close)
                    return;
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, cancellation);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            // The other side is gone, which is what some tests are about.
        }
    }
}
