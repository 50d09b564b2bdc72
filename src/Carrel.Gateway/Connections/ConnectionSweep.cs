using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Gateway.Connections;

/// <summary>
/// A WebSocket is a request that lasts: what was checked when it opened is checked again while it is open. This ends what nobody told us about:
/// a studio session that took its instance sessions along, a token that expired, an owner that changed, a revocation on another server. A principal
/// that is disabled or removed here does not wait for it: see <see cref="InstanceConnections.CloseUser"/>.
/// </summary>
internal sealed class ConnectionSweep(
    InstanceConnections connections, ConnectionCheck check, TimeProvider time, ILogger<ConnectionSweep> log) : BackgroundService
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <summary>One round over everything that was open before the last one.</summary>
    internal async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (OpenConnection open in connections.OpenSince(time.GetUtcNow() - Every))
        {
            if (!await check.IsStillAllowedAsync(open, cancellation) && open.Abort())
                GatewayLog.ConnectionEnded(log, open.Route.Name, open.Visitor.Name);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // A store that cannot be read for a moment must not end everybody's work, nor this loop.
                GatewayLog.SweepFailed(log, fault);
            }
        }
    }
}
