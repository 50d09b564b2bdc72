using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Engine.Notices;

/// <summary>Registers what announces stops.</summary>
internal static class NoticeServices
{
    internal static IServiceCollection AddStopNotices(this IServiceCollection services) => services
        .AddSingleton<NoticeSignal>()
        .AddSingleton<StopNotices>()
        .AddSingleton<NoticeCommands>()
        .AddSingleton<INoticeChannel, TerminalChannel>()
        .AddSingleton<INoticeChannel, WebhookChannel>()
        .AddHostedService<NoticeDeliverer>();
}
