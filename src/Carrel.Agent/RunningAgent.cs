using System.Net;
using Carrel.Agent.Access;
using Carrel.Agent.Activity;
using Carrel.Agent.Files;
using Carrel.Agent.Http;
using Carrel.Agent.Identity;
using Carrel.Agent.KeepAwake;
using Carrel.Agent.Lines;
using Carrel.Agent.Owner;
using Carrel.Agent.Rescue;
using Carrel.Agent.Settings;
using Carrel.Agent.Supervision;
using Carrel.Agent.Terminals;
using Carrel.AgentProtocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carrel.Agent;

/// <summary>The agent while it runs.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _application;
    private readonly AppliedSettings _settings;
    private readonly JupyterClient _jupyter;
    private readonly Task _resumed;
    private readonly ServerCalls _calls;
    private readonly ServerAddress _server;
    private readonly MsiEndpoint _identity;
    private readonly OwnerSocket _owner;
    private readonly LineListener _lines;
    private Task _listening = Task.CompletedTask;

    private RunningAgent(AgentOptions options, MachineSecret secret, TimeProvider time)
    {
        var supervisor = new ServiceSupervisor(options, time);
        var boot = new BootMode(options);
        string identitySecret = secret.Derive(MachineSecret.IdentityPurpose);
        _calls = new ServerCalls(options.RequestTimeout, time);
        var tunnels = new TunnelPlaces(_calls);
        var requests = new RequestLines();
        _lines = new LineListener(options, secret, requests, _calls, tunnels);
        _server = new ServerAddress(options, tunnels);
        _identity = new MsiEndpoint(options, identitySecret, _calls);
        _owner = new OwnerSocket(options, _calls);
        _settings = new AppliedSettings(options, supervisor, boot, new MachineAccess(options, identitySecret), _server);
        _jupyter = new JupyterClient(options, secret.Derive(MachineSecret.JupyterPurpose), time);
        var own = new OwnOutput(time);
        var kept = KeptProcesses.Open(options);
        var sampler = new ActivitySampler(options, _jupyter, supervisor, kept, new ProcessorLoad(options, time), new GpuLoad(options), own, time);
        var routes = new AgentRoutes(options, _settings, boot, supervisor, sampler, _jupyter, own, time);

        // The secret first: Jupyter's service refuses to start without its file.
        AtomicFile.Write(
            options.JupyterSecretFile, secret.Derive(MachineSecret.JupyterPurpose), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // Then the services, before the listener: Jupyter's start is what people wait for.
        _resumed = _settings.ResumeAsync(_stopping.Token);
        _application = Build(options, requests, routes);
    }

    /// <summary>Where it listens for lines of the server, with the port that was really taken.</summary>
    public IPEndPoint EndPoint => _lines.EndPoint!;

    /// <summary>Writes Jupyter's secret, begins to apply the kept settings, and listens.</summary>
    /// <exception cref="IOException">The port is taken or a folder is not there.</exception>
    public static async Task<RunningAgent> StartAsync(AgentOptions options, MachineSecret secret, TimeProvider time)
    {
        var agent = new RunningAgent(options, secret, time);
        await agent._application.StartAsync();
        agent._listening = agent._lines.RunAsync(agent._stopping.Token);
        await agent._identity.StartAsync();
        await agent._owner.StartAsync();
        return agent;
    }

    /// <summary>The program: runs until it is told to stop.</summary>
    /// <returns>The exit code: 0, or 1 when something does not let it run.</returns>
    public static async Task<int> RunAsync(AgentOptions options)
    {
        try
        {
            var secret = MachineSecret.Parse(await File.ReadAllTextAsync(options.SecretFile));
            await using var agent = await StartAsync(options, secret, TimeProvider.System);
            await agent.StoppedAsync();
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"carrel-agent cannot run: {failure.Message}");
            return 1;
        }
    }

    /// <summary>Ends when the process is told to stop.</summary>
    public Task StoppedAsync() => _application.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _resumed.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _listening.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _identity.DisposeAsync();
        await _owner.DisposeAsync();
        await _server.DisposeAsync();
        _lines.Dispose();
        _calls.Dispose();
        await _application.DisposeAsync();
        _settings.Dispose();
        _jupyter.Dispose();
        _stopping.Dispose();
    }

    private static WebApplication Build(AgentOptions options, RequestLines requests, AgentRoutes routes)
    {
        // The empty builder reads no configuration, environment variable or content folder: nothing but root's own files steers the agent.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = AgentContract.LargestRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);

            // The server keeps its connection over the pause between two activity samples.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(15);
            kestrel.Listen(options.LineListen, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IConnectionListenerFactory>(requests));
        var application = builder.Build();
        application.Run(routes.HandleAsync);
        return application;
    }
}
