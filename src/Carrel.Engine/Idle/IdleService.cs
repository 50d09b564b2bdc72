using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>
/// Looks into every running machine in the rhythm of the samples, and beside that exactly when something is due: a notice or stop does not wait
/// for the next round.
/// </summary>
internal sealed partial class IdleService(
    IdleWatch watch, IdleBoard board, EngineOptions options, ActivityClock clock, TimeProvider time, ILogger<IdleService> logger) : BackgroundService
{
    // Behind the instant, so that a timer that fires a little early does not find it still ahead.
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset nextRound = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (time.GetUtcNow() >= nextRound)
                {
                    nextRound = time.GetUtcNow() + options.Idle.SampleEvery;
                    await watch.RoundAsync(stoppingToken);
                }
                else if (board.Next() is { } due && due.At <= clock.Now)
                {
                    await watch.LookAsync(due.Instances, stoppingToken);
                }

                await Task.Delay(Pause(nextRound), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                // A full disk, say: the next round looks again.
                LogFault(fault);
                await Task.Delay(options.Idle.SampleEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TimeSpan Pause(DateTimeOffset nextRound)
    {
        TimeSpan round = nextRound - time.GetUtcNow();
        TimeSpan due = board.Next() is { } next ? clock.Wait(Duration.Max(Duration.Zero, next.At - clock.Now)) + After : round;
        TimeSpan pause = due < round ? due : round;
        return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
    }

    [LoggerMessage(1135, LogLevel.Error, "A round of samples failed and is repeated")]
    private partial void LogFault(Exception fault);
}
