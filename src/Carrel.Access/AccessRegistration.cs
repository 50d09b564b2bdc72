using Carrel.Access.Authority;
using Carrel.Access.Authority.Device;
using Carrel.Access.Authority.Refresh;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.Directory.Graph;
using Carrel.Access.Roles;
using Carrel.Access.Setup;
using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carrel.Access;

/// <summary>Puts Access into a server.</summary>
public static class AccessRegistration
{
    /// <summary>
    /// Registers everything but the stores: <see cref="IDirectoryStore"/>, <see cref="ISessionStore"/>, <see cref="IAuthorizationCodeStore"/>,
    /// <see cref="IRefreshTokenStore"/>, <see cref="IDeviceCodeStore"/>,
    /// <see cref="IRoleAssignmentStore"/> and <see cref="ISetupStore"/> come from the Store room. Register <see cref="IHomePageContent"/> and further
    /// <see cref="IAuthorizationClient"/> beside it. Run <see cref="FirstStart"/> before listening.
    /// </summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITokenGrants, EveryGrant>();
        return services.AddTokens().AddAuthority().AddDirectory().AddSignIn().AddRoles();
    }

    /// <summary>Maps every address of Access. Requests to instance origins must have been led away before.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapAuthority();
        routes.MapSignIn();
        routes.MapDirectory();
    }

    private static IServiceCollection AddTokens(this IServiceCollection services) => services
        .AddSingleton<SigningKeys>()
        .AddSingleton<Audiences>()
        .AddSingleton<TokenIssuer>()
        .AddSingleton<TokenValidator>()
        .AddSingleton<RevokedGrants>()
        .AddSingleton<ValidatedTokens>()
        .AddSingleton<IArmAuthenticator, ArmAuthenticator>();

    private static IServiceCollection AddAuthority(this IServiceCollection services) => services
        .AddSingleton<HomeTenant>()
        .AddSingleton<PrincipalDirectory>()
        .AddSingleton<IPrincipalDirectory>(provider => provider.GetRequiredService<PrincipalDirectory>())
        .AddSingleton<IPrincipalStandings>(provider => provider.GetRequiredService<PrincipalDirectory>())
        .AddSingleton<FirstStart>()
        .AddSingleton<AuthorizationCodes>()
        .AddSingleton<RefreshTokens>()
        .AddSingleton<DeviceCodes>()
        .AddSingleton<IAuthorizationClient, CommandLineClient>()
        .AddSingleton<IAuthorizationClient, AzureToolsClient>()
        .AddSingleton<IAuthorizationClientRegistry, AuthorizationClientRegistry>();

    private static IServiceCollection AddDirectory(this IServiceCollection services)
    {
        services.TryAddSingleton<IOwnedInstances, NoInstances>();
        return services
            .AddSingleton<DirectoryRight>()
            .AddSingleton<DirectoryEvents>()
            .AddSingleton<SignInsEnd>()
            .AddSingleton<PrincipalAdministration>()
            .AddSingleton<PasswordChange>();
    }

    private static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.TryAddSingleton<IHomePageContent, EmptyHomePage>();
        return services
            .AddSingleton<PasswordSignIn>()
            .AddSingleton<Sessions>()
            .AddSingleton<StudioSession>()
            .AddSingleton<FormGuard>()
            .AddSingleton<NewPasswordForm>()
            .AddSingleton<FailureLimits>();
    }

    private static IServiceCollection AddRoles(this IServiceCollection services) => services
        .AddSingleton<PrincipalRoles>()
        .AddSingleton<AccessExplainer>()
        .AddSingleton<IArmAuthorizer, RoleAuthorizer>();
}
