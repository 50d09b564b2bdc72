using Carrel.Engine.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>
/// Brings queued notices to their readers, several at once and each by itself, so that a silent webhook holds up no terminal and nothing holds up a stop. The
/// queue is in the store: a delivery is claimed by moving its next try on, so after a crash it is tried again, and a reader may get it twice.
/// </summary>
internal sealed partial class NoticeDeliverer(
    IEngineStore store, IEnumerable<INoticeChannel> channels, NoticeSignal signal, TimeProvider time, ILogger<NoticeDeliverer> logger) : BackgroundService
{
    private const int AtOnce = 32;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly Duration Claim = Duration.FromSeconds(60);

    private readonly SemaphoreSlim _free = new(AtOnce, AtOnce);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _free.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DeliverAllAsync(stoppingToken);
                await signal.WaitAsync(LookEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                LogFault(fault);
                await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Whoever is being told now is told to the end, or canceled by the same token.
        for (int place = 0; place < AtOnce; place++)
            await _free.WaitAsync(CancellationToken.None);
    }

    private async Task DeliverAllAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _free.WaitAsync(cancellation);
            NoticeDelivery? delivery = null;
            try
            {
                Instant now = Now();
                delivery = await store.WriteAsync(transaction => transaction.ClaimDelivery(now, now + Claim), cancellation);
            }
            finally
            {
                if (delivery is null)
                    _free.Release();
            }

            if (delivery is null)
                return;
            _ = Task.Run(() => DeliverAsync(delivery, cancellation), CancellationToken.None);
        }
    }

    private async Task DeliverAsync(NoticeDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            string? problem = channels.FirstOrDefault(channel => channel.Takes(delivery)) is { } channel ? await channel.TryAsync(delivery, cancellation) : null;
            Instant? next = problem is null ? null : DeliveryRules.NextTry(delivery, Now());
            await store.WriteAsync(
                transaction =>
                {
                    if (next is { } again)
                        transaction.Postpone(delivery.Id, again);
                    else
                        transaction.Finish(delivery.Id);
                    return true;
                },
                CancellationToken.None);
            if (problem is not null && next is null)
                LogGivenUp(delivery.NoticeId, Where(delivery), delivery.Attempts, problem);
            else if (problem is not null)
                LogRetry(delivery.NoticeId, Where(delivery), problem);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await GiveBackAsync(delivery);
        }
        catch (Exception fault)
        {
            LogFault(fault);
        }
        finally
        {
            _free.Release();
        }
    }

    // For the next server to try at once.
    private async Task GiveBackAsync(NoticeDelivery delivery)
    {
        try
        {
            await store.WriteAsync(transaction => { transaction.Postpone(delivery.Id, Now()); return true; }, CancellationToken.None);
        }
        catch (Exception fault)
        {
            // The claim ends by itself.
            LogFault(fault);
        }
    }

    // A webhook's path and query may be its secret.
    private static string Where(NoticeDelivery delivery) =>
        Uri.TryCreate(delivery.Channel, UriKind.Absolute, out Uri? webhook) ? webhook.GetLeftPart(UriPartial.Authority) : delivery.Channel;

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    [LoggerMessage(1301, LogLevel.Warning, "Notice {NoticeId} did not reach {Where} and is tried again: {Problem}")]
    private partial void LogRetry(Guid noticeId, string where, string problem);

    [LoggerMessage(1302, LogLevel.Warning, "Notice {NoticeId} is not brought to {Where}, after {Attempts} tries: {Problem}")]
    private partial void LogGivenUp(Guid noticeId, string where, int attempts, string problem);

    [LoggerMessage(1303, LogLevel.Error, "Notices could not be delivered; this is repeated")]
    private partial void LogFault(Exception fault);
}
