using System.Net;
using Carrel.Access.Authority;
using Carrel.Gateway.Tests.Support;
using Carrel.Gateway.WayIn;

namespace Carrel.Gateway.Tests.WayIn;

public sealed class WayInAttackTests
{
    [Fact]
    public async Task A_code_used_again_at_the_callback_is_refused_and_ends_the_session_of_its_first_use()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.SignedInAsync(host.Ann);
        string callback = await browser.StopBeforeAsync(host.Origin("ann") + "/lab", "/.carrel/callback");
        using HttpResponseMessage first = await browser.StepAsync(callback);
        first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using HttpResponseMessage again = await browser.StepAsync(callback);
        again.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        again.Headers.Contains("Set-Cookie").ShouldBeFalse();
        using HttpResponseMessage api = await host.SendAsync(
            HttpMethod.Get, host.Origin("ann") + "/api", ("Cookie", "__Host-carrel-instance=" + browser.InstanceCookie("ann")));
        api.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_callback_without_the_cookie_of_the_browser_that_began_makes_no_session_and_uses_the_code_up()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser attacker = await host.SignedInAsync(host.Ann);
        string callback = await attacker.StopBeforeAsync(host.Origin("ann") + "/lab", "/.carrel/callback");
        using HttpResponseMessage victim = await new Browser(host).StepAsync(callback);
        victim.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        victim.Headers.Contains("Set-Cookie").ShouldBeFalse();
        using HttpResponseMessage late = await attacker.StepAsync(callback);
        late.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_callback_with_another_browsers_way_in_cookie_makes_no_session()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser attacker = await host.SignedInAsync(host.Ann);
        string callback = await attacker.StopBeforeAsync(host.Origin("ann") + "/lab", "/.carrel/callback");
        var victim = new Browser(host);
        (await victim.StepAsync(host.Origin("ann") + "/lab")).Dispose();
        using HttpResponseMessage answer = await victim.StepAsync(callback);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_code_for_one_instance_opens_no_other()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        host.AddInstance("ann-two", host.Ann.ObjectId);
        Browser browser = await host.SignedInAsync(host.Ann);
        string callback = await browser.StopBeforeAsync(host.Origin("ann") + "/lab", "/.carrel/callback");
        browser.SetCookie("ann-two.lab.instances.localhost", GatewayCookies.WayIn, browser.Cookie("ann.lab.instances.localhost", GatewayCookies.WayIn)!);
        using HttpResponseMessage answer = await browser.StepAsync(callback.Replace("//ann.", "//ann-two.", StringComparison.Ordinal));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_script_of_an_instance_gets_no_token_for_a_code_it_asked_for_with_a_challenge_of_its_own()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.SignedInAsync(host.Ann);
        WayInTicket own = WayInTicket.Begin(WayInTicket.CreateSecret(), "script", "/", host.Time.GetUtcNow());
        string authorize = $"{host.Studio}/common/oauth2/v2.0/authorize?client_id={GatewayClient.Id}&response_type=code&scope=openid&state=x"
            + $"&redirect_uri={Uri.EscapeDataString(host.Origin("ann") + GatewayPaths.Callback)}&code_challenge_method=S256&code_challenge={own.Challenge}";
        string callback = await browser.StopBeforeAsync(authorize, GatewayPaths.Callback);
        string code = System.Web.HttpUtility.ParseQueryString(new Uri(callback).Query)["code"].ShouldNotBeNull();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Studio + "/common/oauth2/v2.0/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["client_id"] = GatewayClient.Id,
                ["code"] = code,
                ["redirect_uri"] = host.Origin("ann") + GatewayPaths.Callback,
                ["code_verifier"] = own.Verifier,
            }),
        };
        using HttpResponseMessage answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBeInRange(400, 401);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("access_token");
    }

    [Fact]
    public async Task Another_persons_and_an_absent_instance_refuse_alike()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.SignedInAsync(host.Bob);
        using HttpResponseMessage others = await browser.NavigateAsync(host.Origin("ann") + "/lab");
        using HttpResponseMessage absent = await browser.NavigateAsync(host.Origin("nobody") + "/lab");
        others.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        absent.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        // Nonces aside, the pages are the same text.
        static string Text(string html) => System.Text.RegularExpressions.Regex.Replace(html, "nonce=\"[^\"]*\"", "");
        Text(await absent.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .ShouldBe(Text(await others.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));

        string bearer = "Bearer " + host.TokenOf(host.Bob);
        using HttpResponseMessage othersJson = await host.SendAsync(HttpMethod.Get, host.Origin("ann") + "/api", ("Authorization", bearer));
        using HttpResponseMessage absentJson = await host.SendAsync(HttpMethod.Get, host.Origin("nobody") + "/api", ("Authorization", bearer));
        othersJson.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        absentJson.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        string json = await othersJson.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        json.ShouldContain("ComputeInstanceAccessDenied");
        (await absentJson.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(json);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/%09//evil.example")]
    [InlineData("/..//evil.example")]
    public async Task The_path_first_asked_for_never_leads_to_another_origin(string path)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        Browser browser = await host.SignedInAsync(host.Ann);
        string callback = await browser.StopBeforeAsync(host.Origin("ann") + path, "/.carrel/callback");
        using HttpResponseMessage answer = await browser.StepAsync(callback);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        new Uri(new Uri(callback), answer.Headers.Location!).GetLeftPart(UriPartial.Authority).ShouldBe(host.Origin("ann"));
    }

    [Theory]
    [InlineData("https://evil.example/.carrel/callback")]
    [InlineData("https://ann.lab.instances.localhost.evil.example/.carrel/callback")]
    [InlineData("https://ann.lab.instances.localhost:1/.carrel/callback")]
    [InlineData("https://evil.example@ann.lab.instances.localhost/.carrel/callback")]
    [InlineData("http://ann.lab.instances.localhost/.carrel/callback")]
    [InlineData("https://ann.lab.instances.localhost:PORT/.carrel/callback/")]
    [InlineData("https://ann.lab.instances.localhost:PORT/.carrel/callback?x=1")]
    [InlineData("https://ann.lab.instances.localhost:PORT/lab")]
    [InlineData("https://ANN.lab.instances.localhost:PORT/.carrel/callback")]
    public async Task The_authority_sends_codes_of_the_gateway_nowhere_else(string redirectUri)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        IAuthorizationClient client = host.Get<IAuthorizationClientRegistry>().Find(GatewayClient.Id)!;
        client.AllowsRedirect(host.Origin("ann") + "/.carrel/callback").ShouldBeTrue();
        client.AllowsRedirect(redirectUri.Replace("PORT", host.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)).ShouldBeFalse();
    }

    [Fact]
    public void A_state_is_worth_nothing_in_another_browser_at_another_origin_or_late()
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(56);
        string secret = WayInTicket.CreateSecret();
        WayInTicket begun = WayInTicket.Begin(secret, "https://a", "/lab?x=1", now);
        WayInTicket.Read(secret, "https://a", begun.State, now).ShouldBe(begun);
        WayInTicket.Read(WayInTicket.CreateSecret(), "https://a", begun.State, now).ShouldBeNull();
        WayInTicket.Read(secret, "https://b", begun.State, now).ShouldBeNull();
        WayInTicket.Read(secret, "https://a", begun.State, now + WayInTicket.Life).ShouldBeNull();
        WayInTicket.Read(secret, "https://a", "A" + begun.State, now).ShouldBeNull();
    }
}
