using Carrel.Engine.Commands;
using Carrel.Engine.Notices;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Engine.Idle;

/// <summary>Registers idle shutdown. <see cref="IContributorRights"/> comes from outside.</summary>
internal static class IdleServices
{
    internal static IServiceCollection AddIdleRule(this IServiceCollection services) => services
        .AddSingleton<ActivityClock>()
        .AddSingleton<IdleBoard>()
        .AddSingleton<IdleClocks>()
        .AddSingleton<SettingEffects>()
        .AddSingleton<IdleNotices>()
        .AddSingleton<INoticeEffect, IdleNoticeEffect>()
        .AddSingleton(provider => new IdleActs(provider.GetRequiredService<EngineOptions>().Idle, provider.GetRequiredService<IdleNotices>()))
        .AddSingleton<IdleWatch>()
        .AddSingleton<IdleExplanations>()
        .AddSingleton<KeepAwakeCommands>()
        .AddHostedService<IdleService>();
}
