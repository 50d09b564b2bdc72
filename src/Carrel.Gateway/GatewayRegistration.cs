using Carrel.Access.Authority;
using Carrel.Access.Directory.Administration;
using Carrel.Arm.Audit;
using Carrel.Gateway.Certificates;
using Carrel.Gateway.Connections;
using Carrel.Gateway.Forwarding;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Opening;
using Carrel.Gateway.Origins;
using Carrel.Gateway.Pipeline;
using Carrel.Gateway.SecureShell;
using Carrel.Gateway.WayIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carrel.Gateway;

/// <summary>Puts the gateway into a server.</summary>
public static class GatewayRegistration
{
    /// <summary>
    /// Registers the gateway. Beside it the server registers Access (<c>AddAccess</c>), an <see cref="IInstanceRoutes"/> and an <see cref="ISecureShellRoutes"/>; its TLS addresses call
    /// <see cref="GatewayTls.UseGatewayTls"/>.
    /// </summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RefusalRecorder>();
        return services.AddCertificates().AddWayIn().AddForwarding().AddSecureShell().AddSteps();
    }

    /// <summary>Leads requests to instances' origins away and refuses unknown host names. Has to be the first middleware.</summary>
    public static IApplicationBuilder UseGateway(this IApplicationBuilder app) => app.UseMiddleware<OriginBranch>();

    private static IServiceCollection AddCertificates(this IServiceCollection services) => services
        .AddSingleton<ServerCertificates>()
        .AddHostedService<CertificateRenewal>();

    private static IServiceCollection AddWayIn(this IServiceCollection services) => services
        .AddSingleton<HostNames>()
        .AddSingleton<InstanceAccess>()
        .AddSingleton<OpeningAudit>()
        .AddSingleton<IAuthorizationClient, GatewayClient>()
        .AddSingleton<WayInStart>()
        .AddSingleton<WayInCallback>()
        .AddSingleton<SignOutPage>();

    private static IServiceCollection AddForwarding(this IServiceCollection services) => services
        .AddHttpForwarder()
        .AddSingleton<InstanceForwarder>()
        .AddSingleton<InstanceConnections>()
        .AddSingleton<IOpenConnections>(provider => provider.GetRequiredService<InstanceConnections>())
        .AddSingleton<ConnectionCheck>()
        .AddHostedService<ConnectionSweep>();

    private static IServiceCollection AddSecureShell(this IServiceCollection services) => services
        .AddSingleton<SecureShellAccess>()
        .AddSingleton<SecureShellConnections>()
        .AddSingleton<IOpenConnections>(provider => provider.GetRequiredService<SecureShellConnections>())
        .AddSingleton<SecureShellVisit>()
        .AddHostedService<SecureShellDoors>();

    private static IServiceCollection AddSteps(this IServiceCollection services) => services
        .AddSingleton<RequestTargetStep>()
        .AddSingleton<OwnPagesStep>()
        .AddSingleton<IdentityStep>()
        .AddSingleton<OwnershipStep>()
        .AddSingleton<RoleStep>()
        .AddSingleton<OriginStep>()
        .AddSingleton<ServiceWorkerStep>()
        .AddSingleton<RunningStep>()
        .AddSingleton<ApplicationStep>()
        .AddSingleton<ForwardStep>()
        .AddSingleton<InstancePipeline>();
}
