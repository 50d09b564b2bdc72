using Carrel.Api.Authorization;
using Carrel.Api.Computes;
using Carrel.Api.History;
using Carrel.Api.Idle;
using Carrel.Api.Identities;
using Carrel.Api.Operations;
using Carrel.Api.Quotas;
using Carrel.Api.ResourceGroups;
using Carrel.Api.Resources;
using Carrel.Api.Schedules;
using Carrel.Api.Sizes;
using Carrel.Api.Subscriptions;
using Carrel.Api.Workspaces;
using Carrel.Arm.Audit;
using Carrel.Arm.Pipeline;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carrel.Api;

/// <summary>Puts the resource operations into a server. <see cref="ApiOptions"/>, the ARM options and the engine are registered beside it.</summary>
public static class ApiRegistration
{
    /// <summary>Registers every resource and the ARM pipeline.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddSingleton<ArmPipeline>()
        .AddSingleton<ComputeAnswers>()
        .AddSingleton<WorkspaceAnswers>()
        .AddSingleton<SubscriptionApi>()
        .AddSingleton<ProviderApi>()
        .AddSingleton<ResourceGroupApi>()
        .AddSingleton<WorkspaceApi>()
        .AddSingleton<ComputeApi>()
        .AddSingleton<ComputeActionApi>()
        .AddSingleton<IdentityRights>()
        .AddSingleton<UserAssignedIdentityApi>()
        .AddSingleton<NoticeApi>()
        .AddSingleton<IdleApi>()
        .AddSingleton<PreviewApi>()
        .AddSingleton<SizeApi>()
        .AddSingleton<QuotaApi>()
        .AddSingleton<OperationApi>()
        .AddSingleton<ResourceApi>()
        .AddSingleton<ActivityLogApi>()
        .AddAuthorization();

    private static IServiceCollection AddAuthorization(this IServiceCollection services)
    {
        services.TryAddSingleton<RefusalRecorder>();
        return services
            .AddSingleton<LinkedResources>()
            .AddSingleton<ShownLinks>()
            .AddSingleton<ScopeExistence>()
            .AddSingleton<InstanceOwnership>()
            .AddSingleton<ExplainedPrincipals>()
            .AddSingleton<RoleDefinitionApi>()
            .AddSingleton<RoleAssignmentApi>()
            .AddSingleton<AccessExplanationApi>();
    }

    /// <summary>Maps every operation of every resource.</summary>
    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        endpoints.MapArm(
            services.GetRequiredService<ArmPipeline>(),
            [
                .. services.GetRequiredService<SubscriptionApi>().Operations,
                .. services.GetRequiredService<ProviderApi>().Operations,
                .. services.GetRequiredService<ResourceGroupApi>().Operations,
                .. services.GetRequiredService<WorkspaceApi>().Operations,
                .. services.GetRequiredService<ComputeApi>().Operations,
                .. services.GetRequiredService<ComputeActionApi>().Operations,
                .. services.GetRequiredService<UserAssignedIdentityApi>().Operations,
                .. services.GetRequiredService<NoticeApi>().Operations,
                .. services.GetRequiredService<IdleApi>().Operations,
                .. services.GetRequiredService<PreviewApi>().Operations,
                .. services.GetRequiredService<SizeApi>().Operations,
                .. services.GetRequiredService<QuotaApi>().Operations,
                .. services.GetRequiredService<OperationApi>().Operations,
                .. services.GetRequiredService<ResourceApi>().Operations,
                .. services.GetRequiredService<ActivityLogApi>().Operations,
                .. services.GetRequiredService<RoleDefinitionApi>().Operations,
                .. services.GetRequiredService<RoleAssignmentApi>().Operations,
                .. services.GetRequiredService<AccessExplanationApi>().Operations,
            ]);
    }
}
