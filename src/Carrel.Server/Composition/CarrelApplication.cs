using Carrel.Access;
using Carrel.Access.SignIn;
using Carrel.Api;
using Carrel.Arm.Pipeline;
using Carrel.Engine;
using Carrel.Gateway;
using Carrel.Identity;
using Carrel.Identity.Metadata;
using Carrel.Server.Configuration;
using Carrel.Server.FirstStart;
using Carrel.Store;
using Carrel.Store.Settings;
using Carrel.Store.Sqlite;

namespace Carrel.Server.Composition;

/// <summary>Puts the rooms together. The order of <see cref="BuildAsync"/> is the order of a start.</summary>
public static class CarrelApplication
{
    /// <summary>Runs the server until it is told to stop.</summary>
    public static async Task RunAsync(ServerOptions options, Action<IServiceCollection>? replace = null)
    {
        using DataFolder folder = DataFolder.Open(options.DataFolder);
        await using SqliteDatabase database = SqliteDatabase.Open(folder.Database, TimeProvider.System);
        await using WebApplication app = await BuildAsync(options, folder, database, replace);
        await app.RunAsync();
    }

    /// <summary>Builds the server, makes what a first start makes, and maps every route; it does not listen yet.</summary>
    /// <param name="options">The operator's settings.</param>
    /// <param name="folder">The locked data folder.</param>
    /// <param name="database">The store.</param>
    /// <param name="replace">Replaces services; for tests.</param>
    public static async Task<WebApplication> BuildAsync(
        ServerOptions options, DataFolder folder, IDatabase database, Action<IServiceCollection>? replace = null)
    {
        Guid subscription = Guid.Parse(await new SettingsStore(database).GetOrAddAsync(
            "subscription", (options.Subscription ?? Guid.NewGuid()).ToString("D"), CancellationToken.None));

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Carrel.Server", ContentRootPath = AppContext.BaseDirectory });
        builder.AddCarrelLogging();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(options).AddSingleton(folder);
        builder.Services.AddStores(database);
        builder.Services.AddAccess(new AccessOptions { PublicUrl = options.PublicUrl, DataFolder = folder.Root, SubscriptionId = subscription, Domain = options.StudioDomain });
        var metadata = new MetadataPort();
        builder.Services.AddDockerHost(options, folder, metadata);
        builder.Services.AddSingleton(await Catalogue.MakeAsync(options, folder, CancellationToken.None));
        var engine = new EngineOptions
        {
            SharesFolder = folder.Shares, Capacity = options.Capacity, RescueBelowBytes = options.RescueBelowBytes, Idle = options.Idle, Notices = options.Notices.ForEngine(options.Origin),
            SshPorts = options.SshPorts, PublicHost = options.PublicUrl.IdnHost,
        };
        builder.Services.AddEngine(engine, Inside.Surroundings(options, folder));
        builder.Services.AddMachineLines(Inside.Lines(options));
        builder.Services.AddMachineIdentity(metadata);
        builder.Services.AddArmApi(options, subscription);
        builder.Services.AddInstanceGateway(options, folder);
        builder.AddListeners(options);
        replace?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        await app.Services.GetRequiredService<FirstStartFiles>().EnsureAsync(subscription, CancellationToken.None);
        await app.PrepareGatewayAsync();
        app.MapCarrel();
        return app;
    }

    // The order matters: the gateway leads plain HTTP and instances' origins away; what is left is the studio's own, and only that is routed.
    private static void MapCarrel(this WebApplication app)
    {
        app.UseGateway();
        app.UseSingleLeadingSlash();
        app.UseRefusalsWithReasons();
        app.UseRouting();
        app.MapHealth();
        app.MapAccess();
        app.MapApi();
    }
}
