using System.Net;
using System.Net.WebSockets;
using Carrel.Access.SignIn;
using Carrel.Gateway.Tests.Support;

namespace Carrel.Gateway.Tests.Pipeline;

public sealed class CookieAttackTests
{
    private const string Cookie = "__Host-carrel-instance=";

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("' OR 1=1 --")]
    public async Task A_forged_cookie_opens_nothing_on_HTTP_and_WebSocket(string value)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Cookie", Cookie + value));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var browser = new Browser(host);
        browser.SetCookie("ann.lab.instances.localhost", "__Host-carrel-instance", value);
        RefusedException refused = await Should.ThrowAsync<RefusedException>(() => browser.ConnectAsync("ann", "/ws", ("Origin", host.Origin("ann"))));
        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cookie_of_a_sibling_instance_of_the_same_owner_opens_nothing()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        host.AddInstance("ann-two", host.Ann.ObjectId);
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann-two") + "/api", ("Cookie", Cookie + browser.InstanceCookie("ann")));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cookie_of_a_deleted_instance_opens_none_of_the_same_name()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        host.AddInstance("ann", host.Ann.ObjectId);
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Cookie", Cookie + browser.InstanceCookie("ann")));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_studios_session_opens_no_instance_and_an_instances_session_is_nothing_at_the_studio()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        string studio = browser.Cookie("localhost", StudioSession.Cookie)!;
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Cookie", Cookie + studio));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using HttpResponseMessage home = await host.SendAsync(HttpMethod.Get, host.Studio + "/", ("Cookie", $"{StudioSession.Cookie}={browser.InstanceCookie("ann")}"));
        home.Headers.Location!.ToString().ShouldStartWith("/signin");
    }

    [Fact]
    public async Task After_a_change_of_owner_the_old_owners_session_is_refused()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        host.Routes["ann"] = host.Routes["ann"] with { Owner = host.Bob.ObjectId };
        using HttpResponseMessage answer = await browser.StepAsync(host.Origin("ann") + "/lab");
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        host.Upstream.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_ends_for_the_next_request_when_the_studio_session_ends()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        Sessions sessions = host.Get<Sessions>();
        SignedIn studio = (await sessions.FindAsync(browser.Cookie("localhost", StudioSession.Cookie), SessionKind.Studio, null, TestContext.Current.CancellationToken))!;
        await sessions.EndAsync(studio.Session, TestContext.Current.CancellationToken);
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Cookie", Cookie + browser.InstanceCookie("ann")));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_WebSocket_with_a_cookie_opens_from_the_own_origin_only()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        foreach (string origin in (string[])[host.Origin("bob"), host.Studio, "https://evil.example", "null", host.Origin("ann").Replace("https", "http", StringComparison.Ordinal), host.Origin("ann") + "0", host.Origin("ann") + "/"])
        {
            RefusedException refused = await Should.ThrowAsync<RefusedException>(() => browser.ConnectAsync("ann", "/ws", ("Origin", origin)));
            refused.Status.ShouldBe(HttpStatusCode.Forbidden, origin);
        }

        RefusedException absent = await Should.ThrowAsync<RefusedException>(() => browser.ConnectAsync("ann", "/ws"));
        absent.Status.ShouldBe(HttpStatusCode.Forbidden);
        host.Upstream.Seen.ShouldBeEmpty();
        using ClientWebSocket own = await browser.ConnectAsync("ann", "/ws", ("Origin", host.Origin("ann")));
        own.State.ShouldBe(WebSocketState.Open);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("TRACE")]
    [InlineData("BREW")]
    public async Task An_unsafe_method_with_a_cookie_needs_the_own_origin(string method)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        string cookie = Cookie + browser.InstanceCookie("ann");
        var verb = new HttpMethod(method);
        foreach (string origin in (string[])["null", host.Origin("bob")])
        {
            using HttpResponseMessage foreign = await host.SendAsync(verb, host.Origin("ann") + "/api", ("Cookie", cookie), ("Origin", origin));
            foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden, origin);
        }

        using HttpResponseMessage absent = await host.SendAsync(verb, host.Origin("ann") + "/api", ("Cookie", cookie));
        absent.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        host.Upstream.Seen.ShouldBeEmpty();
        using HttpResponseMessage own = await host.SendAsync(new HttpMethod("POST"), host.Origin("ann") + "/api", ("Cookie", cookie), ("Origin", host.Origin("ann")));
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_cookie_sent_twice_is_nobodys()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.InsideAsync(host.Ann, "ann");
        string cookie = Cookie + browser.InstanceCookie("ann");
        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Cookie", $"{cookie}; {Cookie}x"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
