using System.Net;
using System.Net.WebSockets;

namespace Carrel.Attack.Origins;

/// <summary>Pages of one origin against another: to a browser all instances are one site.</summary>
public sealed class CrossSiteTests(Target target)
{
    private Uri Anns => target.Origin("ann-desk");

    private Uri Bobs => target.Origin("bob-desk");

    [Fact(DisplayName = "A32 A request that changes something, sent with the cookie by another page")]
    public async Task A_forged_request()
    {
        using Browser browser = await target.Ann.InsideAsync(Anns);
        foreach (string? origin in (string?[])[Bobs.GetLeftPart(UriPartial.Authority), target.Carrel.Url, "https://evil.example", "null", null, Anns.GetLeftPart(UriPartial.Authority) + ".evil.example", ""])
        {
            HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Post, new Uri(Anns, "/api/terminals"), null, origin);
            ((int)answer.StatusCode).ShouldBe(403, origin);
        }

        HttpResponseMessage own = await browser.SendAsync(HttpMethod.Post, new Uri(Anns, "/api/terminals"), null, Anns.GetLeftPart(UriPartial.Authority));
        own.IsSuccessStatusCode.ShouldBeTrue("the own page may");
    }

    [Fact(DisplayName = "A33 A WebSocket opened with the cookie by another page")]
    public async Task A_forged_socket()
    {
        using Browser browser = await target.Ann.InsideAsync(Anns);
        var address = new UriBuilder(new Uri(Anns, "/api/events/subscribe")) { Scheme = "wss" }.Uri;
        foreach (string? origin in (string?[])[Bobs.GetLeftPart(UriPartial.Authority), "https://evil.example", "null", null])
            await Should.ThrowAsync<WebSocketException>(() => browser.OpenSocketAsync(address, origin));
        using ClientWebSocket own = await browser.OpenSocketAsync(address, Anns.GetLeftPart(UriPartial.Authority));
        own.State.ShouldBe(WebSocketState.Open, "the own page may");
    }

    [Fact(DisplayName = "A34 Cookie tossing: a second cookie of the same name, planted by a sibling")]
    public async Task A_tossed_cookie()
    {
        using Browser ann = await target.Ann.InsideAsync(Anns);
        using Browser bob = await target.Bob.InsideAsync(Bobs);
        (string name, string annsSession) = ann.CookiesOf(Anns).Single(cookie => cookie.Key.StartsWith("__Host-", StringComparison.Ordinal) && !cookie.Key.Contains("way-in"));
        string bobsSession = bob.CookiesOf(Bobs)[name];
        foreach (string cookies in (string[])[$"{name}={bobsSession}; {name}={annsSession}", $"{name}={annsSession}; {name}={bobsSession}"])
            ((int)(await WithCookiesAsync(Anns, cookies)).StatusCode).ShouldBe(401);
        ((int)(await WithCookiesAsync(Anns, $"{name}={annsSession}")).StatusCode).ShouldBe(200);
    }

    [Fact(DisplayName = "A35 The session of one's own instance at a neighbour's, and the studio's session as an instance's")]
    public async Task A_session_of_elsewhere()
    {
        using Browser bob = await target.Bob.InsideAsync(Bobs);
        string instance = bob.CookiesOf(Bobs).Single(cookie => cookie.Key.StartsWith("__Host-", StringComparison.Ordinal) && !cookie.Key.Contains("way-in")).Key;
        foreach (string value in bob.CookiesOf(Bobs).Values.Concat(bob.CookiesOf(new Uri(target.Carrel.Url)).Values))
        {
            ((int)(await WithCookiesAsync(Anns, $"{instance}={value}")).StatusCode).ShouldBe(401);
            ((int)(await WithCookiesAsync(target.Origin("ann-desk-8787"), $"{instance}={value}")).StatusCode).ShouldBe(401);
        }
    }

    [Fact(DisplayName = "A36 A neighbour's instance, opened in the browser of somebody signed in")]
    public async Task A_neighbours_instance()
    {
        using Browser bob = await target.Bob.BrowserAsync();
        HttpResponseMessage foreign = await bob.OpenAsync(new Uri(Anns, "/lab").ToString());
        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        HttpResponseMessage absent = await bob.OpenAsync(new Uri(target.Origin("nobodys"), "/lab").ToString());
        absent.StatusCode.ShouldBe(HttpStatusCode.Forbidden, "an absent one answers alike");
        SignIn.FormTests.Neutral(await absent.Content.ReadAsStringAsync(), "-").ShouldBe(SignIn.FormTests.Neutral(await foreign.Content.ReadAsStringAsync(), "-"));
    }

    [Fact(DisplayName = "A37 A neighbour's instance with one's own token, and an Owner's")]
    public async Task A_neighbours_instance_with_a_token()
    {
        foreach (string token in (string[])[await target.Bob.TokenAsync(), target.Administrator.Token])
        {
            using HttpClient http = target.Carrel.CreateClient(token);
            foreach (string path in (string[])["/api/status", "/api/contents", "/lab", "/files/Users"])
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(Anns, path));
                answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            }
        }
    }

    private async Task<HttpResponseMessage> WithCookiesAsync(Uri origin, string cookies)
    {
        using var http = new HttpClient(target.Carrel.CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(origin, "/api/status"));
        request.Headers.TryAddWithoutValidation("Cookie", cookies);
        return await http.SendAsync(request);
    }
}
