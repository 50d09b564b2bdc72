using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Agent.Tests.Machine;

/// <summary>Answers whatever a test tells it to: a Jupyter (HTTP/1.1), or an agent that its machine's user has replaced (HTTP/2).</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeServer(WebApplication application) => _application = application;

    public sealed record Request(string Target, string? Secret, string? Authorization);

    public ConcurrentQueue<Request> Requests { get; } = [];

    public ConcurrentDictionary<string, (int Status, string Body)> Answers { get; } = new();

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");

    public static async Task<FakeServer> StartAsync(HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var server = new FakeServer(builder.Build());
        server._application.Run(server.AnswerAsync);
        await server._application.StartAsync();
        return server;
    }

    public static async Task<FakeServer> JupyterAsync()
    {
        var jupyter = await StartAsync();
        jupyter.Answers["/api/status"] = (200, "{}");
        jupyter.Answers["/api/kernels"] = (200, "[]");
        jupyter.Answers["/api/terminals"] = (200, "[]");
        return jupyter;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(new Request(context.Request.Path + context.Request.QueryString, context.Request.Headers["X-Carrel-Proxy-Secret"], context.Request.Headers.Authorization));
        var (status, body) = Answers.GetValueOrDefault(context.Request.Path.Value!, (404, ""));
        context.Response.StatusCode = status;
        if (status is 302)
        {
            context.Response.Headers.Location = "/elsewhere";
        }

        if (body != "")
        {
            await context.Response.WriteAsync(body);
        }
    }
}
