using Carrel.Agent.Lines;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Identity;
using Carrel.AgentProtocol.Lines;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Carrel.Agent.Identity;

/// <summary>
/// <c>MSI_ENDPOINT</c>: tokens of the instance's identities for programs inside the machine. It keeps no token; the server does, and answers for
/// the identities of this very instance only.
/// </summary>
internal sealed class MsiEndpoint(AgentOptions options, string secret, ServerCalls calls) : IAsyncDisposable
{
    private WebApplication? _application;

    /// <summary>Listens.</summary>
    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> StartAsync()
    {
        // A listener of its own, with limits of its own: programs of the machine must not take the server's place on the agent's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
            kestrel.Listen(options.IdentityListen, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var application = builder.Build();
        application.Run(HandleAsync);
        try
        {
            await application.StartAsync();
            _application = application;
            return null;
        }
        catch (IOException taken)
        {
            await application.DisposeAsync();
            await options.Log.WriteLineAsync($"no tokens: {taken.Message}");
            return $"The port {options.IdentityListen.Port} of the endpoint for tokens is taken inside the machine.";
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        (int status, string body) = await AnswerAsync(context.Request, context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    private async Task<(int Status, string Body)> AnswerAsync(HttpRequest request, CancellationToken cancellation)
    {
        var asked = new MsiRequest(
            request.Method,
            request.Path.Value ?? "",
            request.QueryString.Value ?? "",
            request.Host.Value ?? "",
            request.Headers["Secret"] is [{ } only] ? only : null,
            request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded"));
        var reading = MsiRules.Read(asked, secret, options.IdentityListen.Port);
        if (reading.Question is not { } question)
        {
            return (reading.Refusal!.Status, reading.Refusal.ToJson());
        }

        var call = new MachineCall(0, MachineCallKinds.IdentityToken) { Resource = question.Resource, Selector = question.Selector.ToString(), Named = question.Named };
        return await calls.AskAsync(call, cancellation) is { Status: >= 200 and < 600 } answer
            ? (answer.Status, answer.Body)
            : (IdentityRefusal.Failed.Status, IdentityRefusal.Failed.ToJson());
    }
}
