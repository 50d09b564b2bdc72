using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Engine.Schedules;

/// <summary>Registers what fires schedules.</summary>
internal static class ScheduleServices
{
    internal static IServiceCollection AddSchedules(this IServiceCollection services) => services
        .AddSingleton<SchedulePreviews>()
        .AddSingleton<Firings>()
        .AddSingleton<ScheduleFollower>()
        .AddSingleton<StopWarner>()
        .AddHostedService<ScheduleExecutor>();
}
