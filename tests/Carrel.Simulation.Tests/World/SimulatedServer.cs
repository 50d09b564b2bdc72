using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Api;
using Carrel.Api.Workspaces;
using Carrel.Arm;
using Carrel.Arm.Identity;
using Carrel.Engine;
using Carrel.Instances.Hosting;
using Carrel.Simulation.Tests.Checks;
using Carrel.Store;
using Carrel.Store.Access;
using Carrel.Store.Sqlite;
using Carrel.TestKit.Engines;
using Carrel.TestKit.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Simulation.Tests.World;

/// <summary>One life of the server: the ARM pipeline on a socket, engine and SQLite store, on a virtual clock. It ends in order or dies.</summary>
internal sealed class SimulatedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SqliteDatabase _file;
    private readonly WatchedDatabase _database;

    private SimulatedServer(WebApplication app, SqliteDatabase file, WatchedDatabase database, SteppedHost host)
    {
        (_app, _file, _database, Host) = (app, file, database, host);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
    }

    /// <summary>The way to it.</summary>
    internal HttpClient Http { get; }

    /// <summary>The host as this life sees it.</summary>
    internal SteppedHost Host { get; }

    internal static async Task<SimulatedServer> StartAsync(EngineHome home, VirtualTime time, History history)
    {
        SqliteDatabase file = SqliteDatabase.Open(home.Database, time);
        var database = new WatchedDatabase(file, history);
        var machines = new InMemoryInstanceHost(home.Installation, home.Machines, time);
        var host = new SteppedHost(machines);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        EngineUnderTest.AddTo(builder.Services, home, database, machines);
        builder.Services
            // What follows takes the place of the kit's own.
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<IInstanceHost>(host)
            .AddSingleton<IHostRules>(host)
            .AddSingleton(new EngineOptions { SharesFolder = home.Shares })
            .AddAccessStore()
            .AddSingleton<IPrincipalDirectory, PrincipalDirectory>()
            .AddSingleton<PrincipalRoles>()
            .AddSingleton<AccessExplainer>()
            .AddSingleton<IArmAuthenticator, EverybodyIsAnn>()
            .AddSingleton<IArmAuthorizer, EverythingIsAllowed>()
            .AddSingleton<IWorkspaceLocations, AnyLocation>()
            .AddSingleton(new ArmOptions(SimulatedWorld.PublicUrl))
            .AddSingleton(new ApiOptions
            {
                TenantId = EngineUnderTest.Ann.TenantId,
                SubscriptionId = Guid.Parse(EngineUnderTest.Subscription),
                SubscriptionName = "Carrel",
                PublicUrl = SimulatedWorld.PublicUrl,
                InstanceUrl = (name, location) => $"https://{name}.{location}.instances.example:8443",
            })
            .AddApi();
        WebApplication app = builder.Build();
        app.MapApi();
        await app.StartAsync();
        return new SimulatedServer(app, file, database, host);
    }

    /// <summary>The process dies: what was not committed never will be, and what the host was doing is not waited for.</summary>
    internal async Task DieAsync()
    {
        _database.Kill();
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _file.DisposeAsync();
    }

    private sealed class EverybodyIsAnn : IArmAuthenticator
    {
        public string Challenge => "Bearer";

        public ValueTask<AuthenticationOutcome> AuthenticateAsync(Microsoft.AspNetCore.Http.HttpRequest request) => ValueTask.FromResult(
            new AuthenticationOutcome(new Caller(EngineUnderTest.Ann.TenantId, EngineUnderTest.Ann.ObjectId, null, EngineUnderTest.Ann.Name, CallerKind.User)));
    }

    private sealed class EverythingIsAllowed : IArmAuthorizer
    {
        public ValueTask<AuthorizationDecision> AuthorizeAsync(Caller caller, string action, string scope, CancellationToken cancellation) =>
            ValueTask.FromResult(new AuthorizationDecision(true, "by the simulation"));
    }

    private sealed class AnyLocation : IWorkspaceLocations
    {
        public Task EnsureAsync(string location) => Task.CompletedTask;
    }
}
