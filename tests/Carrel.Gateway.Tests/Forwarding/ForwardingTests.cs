using System.Net;
using System.Net.WebSockets;
using System.Text;
using Carrel.Gateway.Tests.Support;

namespace Carrel.Gateway.Tests.Forwarding;

public sealed class ForwardingTests
{
    [Fact]
    public async Task What_the_machine_believes_comes_from_the_gateway_and_never_from_a_client()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api",
            ("Authorization", "Bearer " + host.TokenOf(host.Ann)),
            ("X-Carrel-Proxy-Secret", "guess"), ("x-carrel-user", "root"), ("X_Carrel_User", "root"), ("X-Carrel-Anything", "1"),
            ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"), ("Forwarded", "for=6.6.6.6"), ("X-Real-IP", "6.6.6.6"),
            ("Connection", "X-Carrel-Proxy-Secret"), ("X-Mine", "stays"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        SeenRequest seen = host.Upstream.Seen.Single();
        seen.Headers["X-Carrel-Proxy-Secret"].ShouldBe(GatewayHost.Secret);
        seen.Headers["X-Carrel-User"].ShouldBe("ann@carrel.local");
        seen.Headers["Host"].ShouldBe($"ann.lab.instances.localhost:{host.Port}");
        seen.Headers["X-Forwarded-Host"].ShouldBe($"ann.lab.instances.localhost:{host.Port}");
        seen.Headers["X-Forwarded-Proto"].ShouldBe("https");
        seen.Headers["X-Mine"].ShouldBe("stays");
        foreach (string wrong in (string[])["6.6.6.6", "evil.example", "root", "guess", "Anything", "Authorization", "Bearer"])
            seen.All.ShouldNotContain(wrong, Case.Insensitive);
    }

    [Fact]
    public async Task Our_cookies_never_reach_the_machine_and_others_do()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        string token = browser.InstanceCookie("ann");
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Cookie",
            $"a=1; __Host-carrel-instance={token}; __HOST-CARREL-instance={token};  __host-carrel-x = {token};\t__Host-carrel={token}; =__Host-carrel-instance={token}; \"__Host-carrel-instance\"={token}; _xsrf=2|b"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        SeenRequest seen = host.Upstream.Seen.Single();
        seen.Headers["Cookie"].ShouldBe("a=1; _xsrf=2|b");
        seen.All.ShouldNotContain(token);
    }

    [Fact]
    public async Task Neither_cookie_nor_token_reaches_the_machine_by_WebSocket_and_frames_pass_both_ways()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        using (ClientWebSocket socket = await browser.ConnectAsync("ann", "/api/kernels/1/channels?session_id=2", ("Origin", host.Origin("ann")), ("X-Carrel-User", "root")))
            (await EchoAsync(socket, "6*7")).ShouldBe("6*7");
        using (ClientWebSocket socket = await new Browser(host).ConnectAsync("ann", "/ws", ("Authorization", "Bearer " + host.TokenOf(host.Ann))))
            (await EchoAsync(socket, "again")).ShouldBe("again");
        SeenRequest[] seen = [.. host.Upstream.Seen];
        seen.Length.ShouldBe(2);
        seen[0].Target.ShouldBe("/api/kernels/1/channels?session_id=2");
        foreach (SeenRequest request in seen)
        {
            request.Headers["X-Carrel-Proxy-Secret"].ShouldBe(GatewayHost.Secret);
            request.Headers["X-Carrel-User"].ShouldBe("ann@carrel.local");
            request.Headers.ContainsKey("Authorization").ShouldBeFalse();
            request.All.ShouldNotContain("__Host-carrel");
            request.All.ShouldNotContain(browser.InstanceCookie("ann"));
        }
    }

    [Fact]
    public async Task A_WebSocket_over_HTTP_2_is_checked_and_forwarded_like_any_other()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        using HttpResponseMessage stranger = await ExtendedConnectAsync(host, browser, host.Origin("bob"));
        stranger.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using HttpResponseMessage own = await ExtendedConnectAsync(host, browser, host.Origin("ann"));
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Upstream.Seen.Single().All.ShouldNotContain("__Host-carrel");
    }

    [Fact]
    public async Task A_machine_sets_no_cookie_of_ours_and_none_beyond_its_host()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        foreach (string line in (string[])
        [
            "_xsrf=1; Path=/; HttpOnly",
            "__Host-carrel-instance=planted; Path=/; Secure",
            "__HOST-CARREL-way-in=planted; Path=/; Secure",
            " =__Host-carrel-instance=planted; Path=/; Secure",
            "wide=1; Path=/;  DOMAIN = instances.localhost ;Secure",
        ])
            host.Upstream.AnswerHeaders.Enqueue(("Set-Cookie", line));
        foreach (string name in (string[])["Clear-Site-Data", "Service-Worker-Allowed", "Alt-Svc", "Strict-Transport-Security"])
            host.Upstream.AnswerHeaders.Enqueue((name, "x"));
        host.Upstream.AnswerHeaders.Enqueue(("X-Mine", "stays"));
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/", ("Authorization", "Bearer " + host.TokenOf(host.Ann)));
        answer.Headers.GetValues("Set-Cookie").ShouldBe(["_xsrf=1; Path=/; HttpOnly", "wide=1; Path=/;Secure"]);
        answer.Headers.GetValues("X-Mine").Single().ShouldBe("stays");
        foreach (string name in (string[])["Clear-Site-Data", "Service-Worker-Allowed", "Alt-Svc", "Strict-Transport-Security"])
            answer.Headers.Contains(name).ShouldBeFalse(name);
    }

    [Fact]
    public async Task An_upload_beyond_Kestrels_limit_streams_through()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        const int Megabytes = 64;
        using var request = new HttpRequestMessage(HttpMethod.Put, host.Origin("ann") + "/count") { Content = new StreamContent(new MemoryStream(new byte[Megabytes << 20])) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + host.TokenOf(host.Ann));
        using HttpResponseMessage answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe((Megabytes << 20).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("ann@carrel.local", "ann@carrel.local")]
    [InlineData("jürgen@carrel.local", "j%C3%BCrgen%40carrel.local")]
    [InlineData("a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201")]
    public void A_name_that_is_not_plain_ASCII_is_percent_encoded(string name, string value) => Gateway.Forwarding.RequestHeaders.EncodeName(name).ShouldBe(value);

    private static async Task<string> EchoAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        byte[] buffer = new byte[100];
        WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task<HttpResponseMessage> ExtendedConnectAsync(GatewayHost host, Browser browser, string origin)
    {
        var url = new Uri(host.Origin("ann") + "/ws");
        using var request = new HttpRequestMessage(HttpMethod.Connect, url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Protocol = "websocket";
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.TryAddWithoutValidation("Cookie", browser.CookieHeader(url));
        return await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
