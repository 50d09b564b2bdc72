using System.Net;
using System.Text;
using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>
/// Posts notices to the operator's webhooks. Only the operator names them, so what they lead to is the operator's choice; no redirect is followed, no proxy of
/// the environment is asked, and of an answer only the status is read.
/// </summary>
internal sealed class WebhookChannel : INoticeChannel, IDisposable
{
    private readonly NoticeOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookChannel(EngineOptions options, TimeProvider time)
    {
        (_options, _time) = (options.Notices, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = _options.WebhookTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 16,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <inheritdoc/>
    public bool Takes(NoticeDelivery delivery) => delivery.Channel != NoticeDelivery.Terminal;

    /// <inheritdoc/>
    public async Task<string?> TryAsync(NoticeDelivery delivery, CancellationToken cancellation)
    {
        // Taken out of the settings since it was queued: nobody wants it any more.
        if (_options.WebhookKey is not { } key || !_options.Webhooks.Any(webhook => webhook.AbsoluteUri == delivery.Channel))
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Channel) { Content = new StringContent(delivery.Payload, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("X-Carrel-Delivery", delivery.Id.ToString("D"));
        request.Headers.TryAddWithoutValidation(WebhookSignature.Header, WebhookSignature.Of(key, delivery.Payload, Instant.FromDateTimeOffset(_time.GetUtcNow())));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(_options.WebhookTimeout);
        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
            return (int)answer.StatusCode switch
            {
                >= 200 and < 300 => null,
                >= 300 and < 400 => $"It answered {(int)answer.StatusCode}: redirects are not followed.",
                (int)HttpStatusCode.Gone => null,
                var status => $"It answered {status}.",
            };
        }
        catch (HttpRequestException fault)
        {
            return fault.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"It did not answer within {_options.WebhookTimeout.TotalSeconds:0} seconds.";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
