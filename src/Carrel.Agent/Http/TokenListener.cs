using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Carrel.Agent.Http;

/// <summary>
/// A listener for programs of the machine that want tokens. It is one of its own, with limits of its own, so that they cannot take the server's
/// place on the agent's. No answer may be kept.
/// </summary>
internal sealed class TokenListener : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TokenListener(WebApplication application) => _application = application;

    /// <summary>Listens.</summary>
    /// <param name="bind">Where.</param>
    /// <param name="mostConnections">How many connections there may be at once.</param>
    /// <param name="keepAlive">How long an unused one stays open.</param>
    /// <param name="answer">Gives status and JSON body.</param>
    /// <exception cref="IOException">The place is taken, or cannot be made.</exception>
    public static async Task<TokenListener> StartAsync(
        Action<KestrelServerOptions, Action<ListenOptions>> bind, int mostConnections, TimeSpan keepAlive, Func<HttpContext, Task<(int Status, string Body)>> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = mostConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = keepAlive;
            bind(kestrel, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var application = builder.Build();
        application.Run(async context =>
        {
            (int status, string body) = await answer(context);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsync(body, context.RequestAborted);
        });
        try
        {
            await application.StartAsync();
            return new TokenListener(application);
        }
        catch (IOException)
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    // It begins and ends with the agent, whose own lifetime hears the signals.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
