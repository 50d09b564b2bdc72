using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Access.Tests.SignIn;

public sealed class SignInTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private AccessHost _host = null!;
    private Browser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync(services => services.AddSingleton<IHomePageContent, Links>());
        await _host.AddUserAsync("ann@carrel.local", Password);
        _browser = new Browser(_host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private sealed class Links : IHomePageContent
    {
        public Task<IReadOnlyList<HomeLink>> ListAsync(SignedIn person, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<HomeLink>>(
        [
            new("<b>ci1</b>", "https://ci1.local.instances.carrel.localhost:8443/", "Running"),
            new("bad", "javascript:alert(1)"),
        ]);
    }

    [Fact]
    public async Task The_home_page_is_for_signed_in_people_and_encodes_everything()
    {
        using HttpResponseMessage unknown = await _browser.GetAsync("/");
        ((int)unknown.StatusCode).ShouldBe(303);
        unknown.Headers.Location!.OriginalString.ShouldBe("/signin");

        ((int)(await _browser.SignInAsync("ann@carrel.local", Password)).StatusCode).ShouldBe(303);
        using HttpResponseMessage home = await _browser.GetAsync("/");
        string html = await home.Content.ReadAsStringAsync();
        html.ShouldContain("&lt;b&gt;ci1&lt;/b&gt;");
        html.ShouldContain("href=\"https://ci1.local.instances.carrel.localhost:8443/\"");
        html.ShouldNotContain("javascript:");
        html.ShouldContain("ann@carrel.local");
    }

    [Fact]
    public async Task The_cursor_is_on_the_field_to_fill_next()
    {
        string first = await (await _browser.GetAsync("/signin")).Content.ReadAsStringAsync();
        first.ShouldMatch("id=\"username\"[^>]* autofocus>");
        first.ShouldNotMatch("id=\"password\"[^>]* autofocus");

        string again = await (await _browser.SignInAsync("ann@carrel.local", "wrong")).Content.ReadAsStringAsync();
        again.ShouldMatch("id=\"password\"[^>]* autofocus aria-describedby=\"fault\">");
        again.ShouldNotMatch("id=\"username\"[^>]* autofocus");
    }

    [Fact]
    public async Task Pages_have_a_policy_without_script_and_cannot_be_framed()
    {
        using HttpResponseMessage response = await _browser.GetAsync("/signin?return=/%22%3E%3Cscript%3E");
        string html = await response.Content.ReadAsStringAsync();
        html.ShouldNotContain("<script", Case.Insensitive);
        html.ShouldNotContain(" on", Case.Sensitive, "the page must have no inline handlers: " + html.Split(" on")[^1][..Math.Min(20, html.Split(" on")[^1].Length)]);
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; style-src 'nonce-");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("base-uri 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldContain("form-action 'self' http://127.0.0.1:*");
        string nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        html.ShouldContain($"<style nonce=\"{nonce}\">");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        using HttpResponseMessage again = await _browser.GetAsync("/signin");
        again.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain(nonce);
    }

    [Fact]
    public async Task Cookies_are_host_bound_secure_and_out_of_reach_of_scripts_and_the_store_has_only_hashes()
    {
        await _browser.SignInAsync("ann@carrel.local", Password);
        foreach (string line in _browser.SetCookies)
        {
            line.ShouldStartWith("__Host-");
            foreach (string attribute in (string[])["secure", "httponly", "samesite=lax", "path=/"])
                line.ShouldContain(attribute, Case.Insensitive);
            line.ShouldNotContain("domain", Case.Insensitive);
        }

        string token = _browser.Cookies[StudioSession.Cookie];
        (await _host.Get<ISessionStore>().FindAsync(token, CancellationToken.None)).ShouldBeNull();
        (await _host.Get<ISessionStore>().FindAsync(ClientSecrets.Hash(token), CancellationToken.None)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/x\\..\\\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    [InlineData("\t//evil.example")]
    [InlineData("/\r\nSet-Cookie: a=b")]
    [InlineData(" /x")]
    [InlineData("evil")]
    [InlineData("")]
    [InlineData("/é")]
    public async Task A_return_address_elsewhere_leads_home(string target)
    {
        using HttpResponseMessage response = await _browser.SignInAsync("ann@carrel.local", Password, target);
        ((int)response.StatusCode).ShouldBe(303);
        response.Headers.Location!.OriginalString.ShouldBe("/");
        using HttpResponseMessage already = await _browser.GetAsync("/signin?return=" + Uri.EscapeDataString(target));
        already.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/x/y?z=%2F%2Fevil&a=b")]
    public void A_path_of_this_origin_is_kept(string target) => ReturnPath.OrHome(target).ShouldBe(target);

    [Fact]
    public void A_control_character_or_an_endless_path_leads_home()
    {
        ReturnPath.OrHome("/\u0000").ShouldBe("/");
        ReturnPath.OrHome("/\u007f").ShouldBe("/");
        ReturnPath.OrHome("/" + new string('x', ReturnPath.Longest)).ShouldBe("/");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost:8443")]
    [InlineData("https://ann.local.instances.localhost:8443")]
    [InlineData("https://localhost:8443/")]
    public async Task Forms_from_another_origin_or_from_none_are_refused(string? origin)
    {
        string token = await _browser.FormTokenAsync();
        var form = new Dictionary<string, string> { ["username"] = "ann@carrel.local", ["password"] = Password, [FormGuard.Field] = token };
        ((int)(await _browser.PostAsync("/signin", form, origin)).StatusCode).ShouldBe(403);
        _browser.Cookies.ShouldNotContainKey(StudioSession.Cookie);

        await _browser.SignInAsync("ann@carrel.local", Password);
        string signOut = await _browser.FormTokenAsync("/");
        ((int)(await _browser.PostAsync("/signout", new() { [FormGuard.Field] = signOut }, origin)).StatusCode).ShouldBe(403);
        ((int)(await _browser.GetAsync("/")).StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task A_form_without_its_token_or_with_that_of_another_browser_or_form_is_refused()
    {
        string foreign = await new Browser(_host).FormTokenAsync();
        await _browser.FormTokenAsync();
        foreach (string? token in (string?[])[null, "", "x", foreign])
        {
            var form = new Dictionary<string, string> { ["username"] = "ann@carrel.local", ["password"] = Password };
            if (token is not null)
                form[FormGuard.Field] = token;
            ((int)(await _browser.PostAsync("/signin", form)).StatusCode).ShouldBe(400);
        }

        _browser.Cookies.ShouldNotContainKey(StudioSession.Cookie);
        string signIn = await _browser.FormTokenAsync();
        await _browser.SignInAsync("ann@carrel.local", Password);
        ((int)(await _browser.PostAsync("/signout", new() { [FormGuard.Field] = signIn })).StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_itself_not_only_the_cookie()
    {
        await _browser.SignInAsync("ann@carrel.local", Password);
        string token = _browser.Cookies[StudioSession.Cookie];
        string form = await _browser.FormTokenAsync("/");
        ((int)(await _browser.PostAsync("/signout", new() { [FormGuard.Field] = form })).StatusCode).ShouldBe(303);
        _browser.Cookies.ShouldNotContainKey(StudioSession.Cookie);
        _browser.Cookies[StudioSession.Cookie] = token;
        ((int)(await _browser.GetAsync("/")).StatusCode).ShouldBe(303);
    }

    [Fact]
    public async Task Unknown_names_wrong_passwords_and_locked_accounts_look_the_same()
    {
        async Task<string> FailAsync(string name, string password)
        {
            var browser = new Browser(_host);
            using HttpResponseMessage response = await browser.SignInAsync(name, password);
            ((int)response.StatusCode).ShouldBe(401);
            string html = await response.Content.ReadAsStringAsync();
            string token = Browser.FormTokenOf(html);
            string nonce = html.Split("nonce=\"")[1].Split('"')[0];
            return html.Replace(token, "", StringComparison.Ordinal).Replace(nonce, "", StringComparison.Ordinal).Replace(name, "", StringComparison.Ordinal);
        }

        string wrong = await FailAsync("ann@carrel.local", "wrong");
        (await FailAsync("zoe@carrel.local", "wrong")).ShouldBe(wrong);
        (await FailAsync("nonsense", "wrong")).ShouldBe(wrong);
        for (int i = 0; i < 4; i++)
            await FailAsync("ann@carrel.local", "wrong");
        (await FailAsync("ann@carrel.local", Password)).ShouldBe(wrong);
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        ((int)(await _browser.SignInAsync("ann@carrel.local", Password)).StatusCode).ShouldBe(303);
    }

    [Fact]
    public async Task Thirty_failures_a_minute_from_one_address_are_enough()
    {
        for (int i = 0; i < FailureLimits.Most; i++)
            ((int)(await _browser.SignInAsync($"nobody{i}@carrel.local", "wrong")).StatusCode).ShouldBe(401);
        using HttpResponseMessage response = await _browser.SignInAsync("ann@carrel.local", Password);
        ((int)response.StatusCode).ShouldBe(429);
        response.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        ((int)(await _browser.SignInAsync("ann@carrel.local", Password)).StatusCode).ShouldBe(303);
    }
}
