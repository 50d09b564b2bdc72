using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.Engine.Notices;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;
using NodaTime;

namespace Carrel.Engine.Tests.Notices;

/// <summary>How a notice reaches terminals and webhooks, against a listener on this machine.</summary>
public sealed class DeliveryTests
{
    private static readonly byte[] Key = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    [Fact]
    public async Task A_terminal_is_told_what_comes_when_and_what_to_do_about_it()
    {
        await using EngineUnderTest engine = await StartAsync();
        StopNotice notice = await AnnounceAsync(engine, Duration.FromMinutes(15));
        await EngineUnderTest.UntilAsync(() => Task.FromResult(!engine.Agents.Notices.IsEmpty), "a word in the terminal");
        string text = engine.Agents.Notices.Single();
        text.ShouldContain("desk will be stopped in 15 minutes");
        text.ShouldContain("It has been idle.");
        text.ShouldContain("carrel compute snooze desk --minutes 30");
        text.ShouldContain("carrel compute dismiss desk");
        text.ShouldContain(NodaTime.Text.InstantPattern.CreateWithInvariantCulture("HH:mm:ss").Format(notice.FireAt));
    }

    [Fact]
    public async Task A_webhook_gets_a_signed_body_whose_signature_covers_time_and_body()
    {
        await using Listener listener = Listener.Start();
        await using EngineUnderTest engine = await StartAsync(listener.Address);
        StopNotice notice = await AnnounceAsync(engine, Duration.FromMinutes(15));
        Received got = await listener.NextAsync();

        JsonNode body = JsonNode.Parse(got.Body)!;
        body["type"]!.GetValue<string>().ShouldBe("IdleShutdownPending");
        body["noticeId"]!.GetValue<string>().ShouldBe(notice.Id.ToString("D"));
        body["name"]!.GetValue<string>().ShouldBe("desk");
        body["reason"]!.GetValue<string>().ShouldBe("It has been idle.");
        body["evidence"]!["kernels"]!.GetValue<int>().ShouldBe(0);
        body["dismissUrl"]!.GetValue<string>().ShouldBe($"https://carrel.example{EngineUnderTest.Address("desk").ResourceId}/scheduledEvents/{notice.Id:D}/dismiss");
        Guid.Parse(got.Headers["X-Carrel-Delivery"]!);

        string[] parts = got.Headers["X-Carrel-Signature"]!.Split(',');
        string time = parts[0]["t=".Length..];
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(time, CultureInfo.InvariantCulture)).ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        parts[1].ShouldBe("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{time}.{got.Body}"))));
    }

    [Fact]
    public async Task A_webhook_that_fails_is_tried_again_with_the_same_delivery_id_until_it_answers()
    {
        await using Listener listener = Listener.Start(503, 302, 200);
        await using EngineUnderTest engine = await StartAsync(listener.Address);
        await AnnounceAsync(engine, Duration.FromMinutes(15));
        Received[] tries = [await listener.NextAsync(), await listener.NextAsync(), await listener.NextAsync()];
        tries.Select(got => got.Headers["X-Carrel-Delivery"]).Distinct().Count().ShouldBe(1);
        tries.ShouldAllBe(got => got.Path == "/hook", "a redirect is not followed");
        await Task.Delay(500);
        listener.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_webhook_that_never_answers_holds_up_neither_the_terminal_nor_another_webhook()
    {
        await using Listener silent = Listener.Start(0);
        await using Listener other = Listener.Start();
        await using EngineUnderTest engine = await StartAsync(silent.Address, other.Address);
        await AnnounceAsync(engine, Duration.FromMinutes(15));
        await other.NextAsync();
        await EngineUnderTest.UntilAsync(() => Task.FromResult(!engine.Agents.Notices.IsEmpty), "a word in the terminal");
        await silent.NextAsync();
    }

    [Fact]
    public async Task What_was_not_delivered_before_a_restart_is_delivered_after_it()
    {
        using var home = new EngineHome();
        await using Listener listener = Listener.Start(503, 503, 200, 200, 200);
        await using (EngineUnderTest first = await StartAsync(home, listener.Address))
        {
            await AnnounceAsync(first, Duration.FromMinutes(15));
            await listener.NextAsync();
        }

        await using EngineUnderTest second = await StartAsync(home, listener.Address);
        (await listener.NextAsync()).Path.ShouldBe("/hook");
    }

    [Fact]
    public async Task A_dismissed_stop_is_told_to_no_terminal_any_more()
    {
        await using EngineUnderTest engine = await StartAsync();
        engine.Agents.Reachable = false;
        StopNotice notice = await AnnounceAsync(engine, Duration.FromMinutes(15));
        await engine.Get<NoticeCommands>().DismissAsync(EngineUnderTest.Address("desk"), notice.Id, EngineUnderTest.As(), default);
        engine.Agents.Reachable = true;
        await Task.Delay(TimeSpan.FromSeconds(5));
        engine.Agents.Notices.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(12, 300)]
    [InlineData(2_000_000_000, 300)]
    public void Tries_are_further_and_further_apart_up_to_five_minutes(int attempts, int seconds)
    {
        Instant now = Instant.FromUtc(2026, 11, 25, 8, 0);
        var delivery = new NoticeDelivery(Guid.NewGuid(), Guid.NewGuid(), "https://x/", "{}", attempts, now, now + Duration.FromHours(1));
        DeliveryRules.NextTry(delivery, now).ShouldBe(now + Duration.FromSeconds(seconds));
        DeliveryRules.NextTry(delivery with { Until = now }, now).ShouldBeNull();
    }

    private static Task<EngineUnderTest> StartAsync(params Uri[] webhooks) => StartAsync(null, webhooks);

    private static async Task<EngineUnderTest> StartAsync(EngineHome? home, params Uri[] webhooks)
    {
        EngineUnderTest engine = await EngineUnderTest.StartAsync(home, options => options with
        {
            Notices = new NoticeOptions { Webhooks = webhooks, WebhookKey = Key, PublicUrl = "https://carrel.example", WebhookTimeout = TimeSpan.FromSeconds(1) },
        });
        if (await engine.FindAsync("desk") is null)
        {
            await engine.AddWorkspaceAsync();
            await engine.RunningAsync("desk");
        }

        return engine;
    }

    private static Task<StopNotice> AnnounceAsync(EngineUnderTest engine, Duration ahead)
    {
        Instant now = Instant.FromDateTimeOffset(DateTimeOffset.UtcNow);
        return engine.Store.WriteAsync(transaction =>
        {
            ComputeInstance desk = transaction.FindInstance(EngineUnderTest.Address("desk"))!;
            return engine.Get<StopNotices>().Announce(
                transaction, desk, new StopWarning(NoticeKind.IdleShutdownPending, null, now + ahead, "It has been idle.", """{"kernels":0}"""), now);
        });
    }

    private sealed record Received(string Path, string Body, WebHeaderCollection Headers);

    /// <summary>An HTTP listener that answers as told, in order; the last answer stays. 0 answers nothing.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly HttpListener _http = new();
        private readonly System.Threading.Channels.Channel<Received> _received = System.Threading.Channels.Channel.CreateUnbounded<Received>();
        private readonly int[] _answers;
        private Task _loop = Task.CompletedTask;
        private int _count;

        private Listener(int[] answers) => _answers = answers.Length == 0 ? [200] : answers;

        internal Uri Address { get; private set; } = null!;

        internal int Count => Volatile.Read(ref _count);

        internal static Listener Start(params int[] answers)
        {
            var listener = new Listener(answers);
            using (var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                socket.Start();
                listener.Address = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/hook");
            }

            listener._http.Prefixes.Add(listener.Address.GetLeftPart(UriPartial.Authority) + "/");
            listener._http.Start();
            listener._loop = listener.ServeAsync();
            return listener;
        }

        internal async Task<Received> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public async ValueTask DisposeAsync()
        {
            _http.Abort();
            await _loop;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = await _http.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream);
                    await _received.Writer.WriteAsync(new Received(context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync(), (WebHeaderCollection)context.Request.Headers));
                    int answer = _answers[Math.Min(Interlocked.Increment(ref _count) - 1, _answers.Length - 1)];
                    if (answer == 0)
                        continue;
                    context.Response.StatusCode = answer;
                    if (answer == 302)
                        context.Response.RedirectLocation = Address.GetLeftPart(UriPartial.Authority) + "/elsewhere";
                    context.Response.Close();
                }
            }
            catch (Exception) when (!_http.IsListening)
            {
                // It was told to end.
            }
        }
    }
}
