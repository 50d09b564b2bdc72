using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Carrel.AgentProtocol.Identity;
using Carrel.Identity.Tokens;
using Carrel.Instances.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Identity.Metadata;

/// <summary>
/// The metadata service that machines find at 169.254.169.254 (contract 9.3). A listener of its own with limits of its own, so that machines cannot
/// take up the connections of the server's public origin.
/// </summary>
internal sealed partial class MetadataListener(MetadataPort port, MachineFinder machines, IdentityTokens tokens, TimeProvider time, ILogger<MetadataListener> logger) : IHostedService
{
    private const int MostConnectionsOfOne = 16;

    private readonly ConcurrentDictionary<IPAddress, int> _connections = new();
    private WebApplication? _application;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(15);
            kestrel.ListenHandle(port.Take(), listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(LimitAsync);
            });
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _application = builder.Build();
        _application.Run(HandleAsync);
        await _application.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_application is not null)
            await _application.DisposeAsync();
    }

    // One machine must not take the places of the others.
    private async Task LimitAsync(ConnectionContext connection, Func<Task> next)
    {
        IPAddress address = ((IPEndPoint)connection.RemoteEndPoint!).Address;
        try
        {
            if (_connections.AddOrUpdate(address, 1, (_, count) => count + 1) > MostConnectionsOfOne)
                connection.Abort();
            else
                await next();
        }
        finally
        {
            if (_connections.AddOrUpdate(address, 0, (_, count) => count - 1) == 0)
                _connections.TryRemove(KeyValuePair.Create(address, 0));
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        (int status, JsonObject body) = await AnswerAsync(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status429TooManyRequests)
            context.Response.Headers.RetryAfter = "5";
        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private async Task<(int Status, JsonObject Body)> AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        var asked = new MetadataRequest(
            request.Method,
            request.Path.Value ?? "",
            request.QueryString.Value ?? "",
            request.Headers["Metadata"],
            request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded"));
        IdentityReading reading = MetadataRules.Read(asked);
        if (reading.Question is not { } question)
            return Refused(reading.Refusal!);
        try
        {
            Guid? machine = await machines.FindAsync(context.Connection.RemoteIpAddress!, context.RequestAborted);
            IdentityAnswer answer = await tokens.AnswerAsync(machine, question, context.RequestAborted);
            return answer.Token is { } token ? (StatusCodes.Status200OK, token.ToImds(time.GetUtcNow())) : Refused(answer.Refusal!);
        }
        catch (HostUnavailableException silent)
        {
            LogHostSilent(silent.Message);
            return Refused(IdentityRefusal.Failed);
        }
    }

    private static (int Status, JsonObject Body) Refused(IdentityRefusal refusal) => (refusal.Status, JsonNode.Parse(refusal.ToJson())!.AsObject());

    [LoggerMessage(1411, LogLevel.Warning, "A machine's question for a token waits for the host: {Message}")]
    private partial void LogHostSilent(string message);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
