using System.Net;
using System.Text.RegularExpressions;

namespace Carrel.Attack.SignIn;

/// <summary>Addresses that sign-in is asked to lead to.</summary>
public sealed class RedirectTests(Target target)
{
    public static TheoryData<string> EvilRedirects =>
    [
        "https://evil.example/", "https://localhost.evil.example/", "http://127.0.0.1.evil.example:1/", "http://127.0.0.1:1@evil.example/",
        "http://127.0.0.1:1/../../evil", "http://127.0.0.1:1/#@evil.example/", "http://127.0.0.1:1\\@evil.example/", "http://127.0.0.1:99999/", "http://127.0.0.1:1//evil.example/",
        "//evil.example/", "/\\evil.example", "javascript:alert(1)", "data:text/html,x", "http://[::1]:1/", "HTTP://127.0.0.1:1/", "http://127.0.0.1:1/?x=", "http://127.1:1/", "",
    ];

    public static TheoryData<string> EvilReturns =>
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/%09/evil.example", "/\t/evil.example", "https:evil.example", "javascript:alert(1)",
        "/..//evil.example", "///evil.example", " //evil.example", "/%0d%0aSet-Cookie:%20a=b", "/\r\nSet-Cookie: a=b", "http://localhost@evil.example/",
    ];

    [Theory(DisplayName = "A17 Open redirect: an authorization code sent to somebody else's address")]
    [MemberData(nameof(EvilRedirects))]
    public async Task A_code_for_an_evil_address(string redirect)
    {
        using Browser browser = await target.Ann.BrowserAsync();
        HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Get, target.Ann.AuthorizeAddress(redirect, Challenge));
        ((int)answer.StatusCode).ShouldBe(400);
        answer.Headers.Location.ShouldBeNull();
    }

    [Theory(DisplayName = "A18 Open redirect: the page that sign-in returns to")]
    [MemberData(nameof(EvilReturns))]
    public async Task A_return_to_an_evil_address(string destination)
    {
        using var browser = new Browser(target.Carrel);
        HttpResponseMessage page = await browser.OpenAsync($"{target.Carrel.Url}/signin?return={Uri.EscapeDataString(destination)}");
        HttpResponseMessage end = await browser.SignInAsync(page, target.Ann.UserName, target.Ann.Password);
        browser.Location.GetLeftPart(UriPartial.Authority).ShouldBe(target.Carrel.Url);
        end.Headers.Contains("a").ShouldBeFalse();
        (await browser.OpenAsync(target.Carrel.Url + "/")).StatusCode.ShouldBe(HttpStatusCode.OK, "the sign-in itself succeeded");
    }

    [Fact(DisplayName = "A19 A line break in a parameter that comes back in an address")]
    public async Task A_line_break_in_the_state()
    {
        using Browser browser = await target.Ann.BrowserAsync();
        var address = new Uri($"{target.Ann.AuthorizeAddress("http://127.0.0.1:51234/", Challenge)}".Replace("state=s", "state=" + Uri.EscapeDataString("s\r\nSet-Cookie: planted=1"), StringComparison.Ordinal));
        HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Get, address);
        answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies);
        (cookies ?? []).ShouldNotContain(cookie => cookie.Contains("planted"));
    }

    [Fact(DisplayName = "A20 An authorization code used twice")]
    public async Task A_code_used_twice()
    {
        Code code = await target.Ann.CodeAsync();
        string first = (await target.Ann.RedeemAsync(code))["access_token"]!.GetValue<string>();
        (await target.Ann.RedeemAsync(code))["error"]!.GetValue<string>().ShouldBe("invalid_grant");
        ((int)(await target.AskAsync(first, HttpMethod.Get, target.Carrel.Workspace)).Status).ShouldBe(401, "what the first use gave is taken back");
    }

    [Fact(DisplayName = "A21 A stolen authorization code without its verifier")]
    public async Task A_stolen_code()
    {
        Code code = await target.Ann.CodeAsync();
        (await target.Ann.RedeemAsync(code with { Verifier = new string('a', 43) }))["error"]!.GetValue<string>().ShouldBe("invalid_grant");
        (await target.Ann.RedeemAsync(code))["error"]!.GetValue<string>().ShouldBe("invalid_grant", "an attempt uses it up");
    }

    [Fact(DisplayName = "A22 An authorization code redeemed by another client or for another address")]
    public async Task A_code_for_another_client()
    {
        (await target.Ann.RedeemAsync(await target.Ann.CodeAsync(), client: "CarrelGateway"))["error"].ShouldNotBeNull();
        (await target.Ann.RedeemAsync(await target.Ann.CodeAsync(), redirect: "http://127.0.0.1:51235/"))["error"]!.GetValue<string>().ShouldBe("invalid_grant");
    }

    [Theory(DisplayName = "A23 PKCE left out or weakened")]
    [InlineData("")]
    [InlineData("code_challenge=abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs&code_challenge_method=plain")]
    [InlineData("code_challenge=abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs")]
    [InlineData("code_challenge=&code_challenge_method=S256")]
    public async Task Weak_PKCE(string parameters)
    {
        using Browser browser = await target.Ann.BrowserAsync();
        HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Get, target.Ann.AuthorizeAddress("http://127.0.0.1:51234/", parameters));
        (answer.Headers.Location?.Query ?? "").ShouldNotMatch("[?&]code=");
    }

    [Fact(DisplayName = "A24 A code of an instance's gateway, redeemed for an access token by a page of that instance")]
    public async Task A_code_of_the_gateway()
    {
        using Browser browser = await target.Ann.BrowserAsync();
        string verifier = new('v', 43);
        string challenge = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)));
        string callback = new Uri(target.Origin("ann-desk"), "/.carrel/callback").ToString();
        HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Get, new Uri(
            $"{target.Carrel.Url}/{target.Tenant}/oauth2/v2.0/authorize?client_id=CarrelGateway&response_type=code&scope=openid&state=s&code_challenge_method=S256&code_challenge={challenge}&redirect_uri={Uri.EscapeDataString(callback)}"));
        Match code = Regex.Match(answer.Headers.Location?.Query ?? "", "[?&]code=([^&]+)");
        code.Success.ShouldBeTrue("the owner gets a code for the own instance");
        (await target.Ann.RedeemAsync(new Code(Uri.UnescapeDataString(code.Groups[1].Value), verifier), "CarrelGateway", callback))["access_token"].ShouldBeNull();
    }

    private static string Challenge => "code_challenge_method=S256&code_challenge=" + new string('a', 43);
}
