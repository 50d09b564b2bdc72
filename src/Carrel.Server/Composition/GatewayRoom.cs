using Carrel.Access.Directory.Administration;
using Carrel.Access.SignIn;
using Carrel.Api.Workspaces;
using Carrel.Engine.Storage;
using Carrel.Gateway;
using Carrel.Gateway.Certificates;
using Carrel.Gateway.Instances;
using Carrel.Gateway.SecureShell;
using Carrel.Server.Configuration;

namespace Carrel.Server.Composition;

/// <summary>The gateway with what it asks of the engine.</summary>
internal static class GatewayRoom
{
    internal static IServiceCollection AddInstanceGateway(this IServiceCollection services, ServerOptions options, DataFolder folder) => services
        .AddSingleton<EngineInstanceRoutes>()
        .AddSingleton<IInstanceRoutes>(provider => provider.GetRequiredService<EngineInstanceRoutes>())
        .AddSingleton<ISecureShellRoutes, EngineSecureShellRoutes>()
        .AddSingleton<IWorkspaceLocations, CertifiedLocations>()
        .AddSingleton<IHomePageContent, OwnInstances>()
        .AddSingleton<IOwnedInstances, InstancesOfOwner>()
        .AddGateway(new GatewayOptions
        {
            PublicUrl = options.PublicUrl,
            DataFolder = folder.Root,
            StudioDomain = options.StudioDomain,
            InstanceDomain = options.InstancesDomain,
            Locations = [options.Location],
            ListenAddresses = [.. Listening.Usable(options.ListenAddresses)],
            CertificateFile = options.CertificateFile,
            CertificateKeyFile = options.CertificateKeyFile ?? options.CertificateFile,
        });

    /// <summary>Makes sure that the certificate names every location a workspace lies in.</summary>
    internal static async Task PrepareGatewayAsync(this WebApplication app)
    {
        IReadOnlyList<string> locations = await app.Services.GetRequiredService<IEngineStore>().ReadAsync(
            view => view.ListWorkspaces().Select(workspace => workspace.Location).Distinct().ToArray());
        await app.Services.GetRequiredService<ServerCertificates>().EnsureLocationsAsync(locations, CancellationToken.None);
    }

    private sealed class CertifiedLocations(ServerCertificates certificates) : IWorkspaceLocations
    {
        public Task EnsureAsync(string location) => certificates.EnsureLocationsAsync([location], CancellationToken.None);
    }
}
