using System.Net;
using System.Text.Json.Nodes;
using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tests.Support;
using Carrel.Arm.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Access.Tests.SignIn;

/// <summary>A person whose password somebody else has set chooses an own one before anything is signed in.</summary>
public sealed class NewPasswordTests : IAsyncLifetime
{
    private const string Given = "given by somebody";
    private const string Own = "an own long one";
    private const string Name = "bob@carrel.local";
    private readonly RecordedTrail _trail = new();
    private AccessHost _host = null!;
    private GraphClient _owner = null!;
    private Browser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync(services => services.AddSingleton<IAuditTrail>(_trail));
        _owner = await _host.AsOwnerAsync();
        (await _owner.PostAsync("/v1.0/users", new
        {
            displayName = "Bob", userPrincipalName = Name, passwordProfile = new { password = Given, forceChangePasswordNextSignIn = true },
        })).Status.ShouldBe(201);
        _browser = new Browser(_host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<string> SignInPageAsync(Browser browser, string target = "/", string password = Given)
    {
        using HttpResponseMessage answer = await browser.SignInAsync(Name, password, target);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        string html = await answer.Content.ReadAsStringAsync();
        html.ShouldContain("Choose a new password");
        html.ShouldNotContain(password);
        return html;
    }

    private static Task<HttpResponseMessage> ChooseAsync(
        Browser browser, string html, string current = Given, string wanted = Own, string? again = null, string name = Name, string target = "/", string? origin = AccessHost.Origin) =>
        browser.PostAsync("/signin/password", new()
        {
            ["username"] = name, ["current"] = current, ["new"] = wanted, ["again"] = again ?? wanted, ["return"] = target, [FormGuard.Field] = Browser.FormTokenOf(html),
        }, origin);

    private static async Task<bool> IsSignedInAsync(Browser browser) => (await browser.GetAsync("/")).StatusCode == HttpStatusCode.OK;

    [Fact]
    public async Task The_given_password_signs_nothing_in_and_the_own_one_leads_on_to_where_the_browser_wanted_to_go()
    {
        string html = await SignInPageAsync(_browser, "/device?user_code=x");
        _browser.Cookies.Keys.ShouldNotContain(StudioSession.Cookie);
        (await IsSignedInAsync(_browser)).ShouldBeFalse();
        (await new Browser(_host).GetAsync("/signin/password")).Headers.Location!.OriginalString.ShouldBe("/signin");

        using HttpResponseMessage chosen = await ChooseAsync(_browser, html, target: "/device?user_code=x");
        (chosen.StatusCode, chosen.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.SeeOther, "/device?user_code=x"));
        (await IsSignedInAsync(_browser)).ShouldBeTrue();
        (await new Browser(_host).SignInAsync(Name, Given)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await new Browser(_host).SignInAsync(Name, Own)).StatusCode.ShouldBe(HttpStatusCode.SeeOther, "once is enough");
        _trail.Written.ShouldContain(record => record.Detail!.Contains("has to be replaced first", StringComparison.Ordinal));
        _trail.Written.ShouldAllBe(record => !record.Detail!.Contains(Given, StringComparison.Ordinal) && !record.Detail!.Contains(Own, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wrong", Own, Own, 400, "current password is not right")]
    [InlineData(Given, Own, "another one", 400, "differ")]
    [InlineData(Given, "short", "short", 400, "8 to 256")]
    [InlineData(Given, Given, Given, 400, "another one than the current")]
    public async Task What_is_wrong_is_said_and_nothing_is_signed_in(string current, string wanted, string again, int status, string told)
    {
        string html = await SignInPageAsync(_browser);
        using HttpResponseMessage answer = await ChooseAsync(_browser, html, current, wanted, again);
        ((int)answer.StatusCode).ShouldBe(status);
        string page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain(told);
        page.ShouldContain(Name);
        page.ShouldNotContain(Own);
        (await IsSignedInAsync(_browser)).ShouldBeFalse();
        await SignInPageAsync(new Browser(_host));
    }

    [Fact]
    public async Task The_page_guesses_no_password_faster_than_the_sign_in_page_and_tells_nobody_who_exists()
    {
        string html = await SignInPageAsync(_browser);
        string ofSomebody = await (await ChooseAsync(_browser, html, "guess")).Content.ReadAsStringAsync();
        string ofNobody = await (await ChooseAsync(_browser, html, "guess", name: "nobody@carrel.local")).Content.ReadAsStringAsync();
        Told(ofNobody).ShouldBe(Told(ofSomebody));
        for (int i = 0; i < 4; i++)
            await ChooseAsync(_browser, html, $"guess {i}");
        (await ChooseAsync(_browser, html)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "locked");
        (await new Browser(_host).SignInAsync(Name, Given)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "the same lock");
        for (int i = 0; i < FailureLimits.Most; i++)
            await ChooseAsync(_browser, html, "guess", name: "nobody@carrel.local");
        using HttpResponseMessage many = await ChooseAsync(_browser, html, "guess", name: "nobody@carrel.local");
        ((int)many.StatusCode, many.Headers.RetryAfter is not null).ShouldBe((429, true));

        static string Told(string page) => page.Split("role=\"alert\"")[1].Split('>')[1].Split('<')[0];
    }

    [Fact]
    public async Task Other_sites_and_made_up_forms_change_nothing()
    {
        string html = await SignInPageAsync(_browser);
        (await ChooseAsync(_browser, html, origin: "https://evil.example")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ChooseAsync(_browser, html, origin: null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ChooseAsync(_browser, "")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ChooseAsync(_browser, $"name=\"{FormGuard.Field}\" value=\"{await _browser.FormTokenAsync()}\"")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "the token of another form");
        (await ChooseAsync(_browser, html, target: "https://evil.example/")).Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Fact]
    public async Task No_flow_gives_anything_to_somebody_who_has_to_choose_a_password_first()
    {
        var carrel = new CommandLine(_host);
        await ChooseAsync(_browser, await SignInPageAsync(_browser));
        (string code, string verifier) = await carrel.CodeAsync(_browser);
        JsonObject tokens = await carrel.SignInAsync(_browser);
        string access = tokens["access_token"]!.ToString();
        JsonObject device = await carrel.BeginDeviceAsync();
        (await _host.WhoAmIAsync(access)).ShouldBe(200);

        _host.Time.Advance(TimeSpan.FromSeconds(1));
        (await _owner.PatchAsync($"/v1.0/users/{Name}", new { passwordProfile = new { forceChangePasswordNextSignIn = true } })).Status.ShouldBe(204);
        DirectoryUser bob = (await _host.Directory.FindUserByNameAsync(Name, CancellationToken.None))!;
        (await IsSignedInAsync(_browser)).ShouldBeFalse();
        (await _host.WhoAmIAsync(access)).ShouldBe(401);
        (await carrel.RedeemAsync(code, verifier)).Status.ShouldBe(400);
        (await carrel.RefreshAsync(tokens["refresh_token"]!.ToString())).Status.ShouldBe(400);
        (await _host.TokenAsync(new() { ["grant_type"] = "password", ["client_id"] = CommandLineClient.Id, ["username"] = Name, ["password"] = Own })).Body["error"]!.ToString().ShouldBe("unsupported_grant_type");
        // What was under way when the demand came gives nothing either.
        string late = await _host.Get<Sessions>().BeginStudioAsync(bob.ObjectId, CancellationToken.None);
        (await _host.Get<Sessions>().FindAsync(late, SessionKind.Studio, null, CancellationToken.None)).ShouldBeNull();
        (await _host.WhoAmIAsync(_host.TokenOf(bob))).ShouldBe(401);
        (await _browser.GetAsync("/device")).Headers.Location!.OriginalString.ShouldStartWith("/signin?return=");
        (await carrel.PollAsync(device["device_code"]!.ToString())).Body["error"]!.ToString().ShouldBe("authorization_pending");
    }

    [Fact]
    public async Task A_reset_demands_it_or_takes_it_back_and_other_words_are_refused()
    {
        (await _owner.PatchAsync($"/v1.0/users/{Name}", new { passwordProfile = new { password = "a second given one" } })).Status.ShouldBe(204);
        (await new Browser(_host).SignInAsync(Name, "a second given one")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await _owner.PatchAsync($"/v1.0/users/{Name}", new { passwordProfile = new { password = Given, forceChangePasswordNextSignIn = true } })).Status.ShouldBe(204);
        await SignInPageAsync(new Browser(_host));
        (await _owner.PatchAsync($"/v1.0/users/{Name}", new { passwordProfile = new { forceChangePasswordNextSignIn = false } })).Status.ShouldBe(204);
        (await new Browser(_host).SignInAsync(Name, Given)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await _owner.PatchAsync($"/v1.0/users/{Name}", new { passwordProfile = new { forceChangePasswordNextSignIn = "yes" } })).Status.ShouldBe(400);
        (await _owner.PatchAsync($"/v1.0/users/{Name}", new { passwordProfile = new { forceChangePasswordNextSignInWithMfa = true } })).Message.ShouldContain("second factor");
    }

    [Fact]
    public async Task A_password_that_was_set_meanwhile_is_not_overwritten()
    {
        DirectoryUser bob = (await _host.Directory.FindUserByNameAsync(Name, CancellationToken.None))!;
        var stale = new PrincipalChange { PasswordHash = PasswordSignIn.HashPassword(Own), ProvenHash = bob.PasswordHash, MustChangePassword = false };
        await _owner.PatchAsync($"/v1.0/users/{Name}", new { passwordProfile = new { password = "a second given one", forceChangePasswordNextSignIn = true } });
        (await _host.Directory.UpdatePrincipalAsync(bob.ObjectId, stale, CancellationToken.None)).ShouldBeFalse();
        await SignInPageAsync(new Browser(_host), password: "a second given one");
    }
}
