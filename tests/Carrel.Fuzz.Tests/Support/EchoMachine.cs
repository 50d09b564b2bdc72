using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carrel.Fuzz.Tests.Support;

/// <summary>Stands for every machine's JupyterLab: reads what it gets and says how much that was.</summary>
internal sealed class EchoMachine : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoMachine(WebApplication app) => _app = app;

    internal int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    internal static async Task<EchoMachine> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync($"{context.Request.Method} with {body.Length} bytes");
        });
        await app.StartAsync();
        return new EchoMachine(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
