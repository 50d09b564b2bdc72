using Carrel.Access.Authority;
using Carrel.Access.Authority.Device;
using Carrel.Access.Authority.Refresh;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Access.Setup;
using Carrel.Access.SignIn;
using Carrel.Arm.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Store.Access;

/// <summary>Puts the stores of Access into a server.</summary>
public static class AccessStoreRegistration
{
    /// <summary>Registers the implementations of Access' ports over the registered <see cref="IDatabase"/>.</summary>
    public static IServiceCollection AddAccessStore(this IServiceCollection services) => services
        .AddSingleton<IDirectoryStore, DirectoryStore>()
        .AddSingleton<ISessionStore, SessionStore>()
        .AddSingleton<IAuthorizationCodeStore, AuthorizationCodeStore>()
        .AddSingleton<IRefreshTokenStore, RefreshTokenStore>()
        .AddSingleton<IDeviceCodeStore, DeviceCodeStore>()
        .AddSingleton<IAuditTrail, AuditTrail>()
        .AddSingleton<RoleViews>()
        .AddSingleton<IRoleDefinitionStore, RoleDefinitionStore>()
        .AddSingleton<IRoleAssignmentStore, RoleAssignmentStore>()
        .AddSingleton<ISetupStore, SetupStore>();
}
