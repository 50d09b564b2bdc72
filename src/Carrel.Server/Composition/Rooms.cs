using Carrel.Api;
using Carrel.Access.Directory;
using Carrel.Arm;
using Carrel.Engine.Idle;
using Carrel.Engine.Machines;
using Carrel.Engine.Storage;
using Carrel.Hosts.Docker;
using Carrel.Identity.Metadata;
using Carrel.Instances.Hosting;
using Carrel.Server.Configuration;
using Carrel.Server.FirstStart;
using Carrel.Store;
using Carrel.Store.Access;
using Carrel.Store.Engine;

namespace Carrel.Server.Composition;

/// <summary>Registers each room with the operator's settings.</summary>
internal static class Rooms
{
    internal static IServiceCollection AddStores(this IServiceCollection services, IDatabase database) => services
        .AddSingleton(database)
        .AddSingleton<IEngineStore, EngineStore>()
        .AddAccessStore();

    internal static IServiceCollection AddDockerHost(this IServiceCollection services, ServerOptions options, DataFolder folder, MetadataPort metadata) => services
        .AddSingleton(provider => new DockerInstanceHost(
            HostOptions.For(options, folder, metadata.Number), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DockerInstanceHost>>()))
        .AddSingleton<IInstanceHost>(provider => provider.GetRequiredService<DockerInstanceHost>())
        .AddSingleton<IHostRules>(provider => provider.GetRequiredService<DockerInstanceHost>())
        .AddSingleton<IContributorRights, ContributorRights>()
        .AddSingleton(_ => MachineSecrets.OpenOrCreate(Path.Combine(folder.Keys, "machines.key")));

    internal static IServiceCollection AddArmApi(this IServiceCollection services, ServerOptions options, Guid subscription) => services
        .AddSingleton(new ArmOptions(options.Origin, PageSize: options.PageSize))
        .AddSingleton(provider => new ApiOptions
        {
            TenantId = provider.GetRequiredService<HomeTenant>().Value.Id,
            SubscriptionId = subscription,
            SubscriptionName = options.SubscriptionName,
            PublicUrl = options.Origin,
            InstanceUrl = options.InstanceUrl,
            Locations = [options.Location],
        })
        .AddSingleton<FirstStartFiles>()
        .AddApi();

    internal static void MapHealth(this WebApplication app) => app.MapGet("/healthz", () => Results.Text("healthy\n"));
}
