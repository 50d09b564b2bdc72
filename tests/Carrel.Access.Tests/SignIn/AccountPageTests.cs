using System.Net;
using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tests.Support;

namespace Carrel.Access.Tests.SignIn;

public sealed class AccountPageTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private AccessHost _host = null!;
    private Browser _browser = null!;
    private Browser _elsewhere = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        await _host.AddUserAsync("ann@carrel.local", Password);
        _browser = new Browser(_host);
        _elsewhere = new Browser(_host);
        await _browser.SignInAsync("ann@carrel.local", Password);
        await _elsewhere.SignInAsync("ann@carrel.local", Password);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<(HttpStatusCode Status, string Html)> ChangeAsync(string current, string wanted, string? again = null, string? origin = AccessHost.Origin)
    {
        string token = await _browser.FormTokenAsync("/account/password");
        using HttpResponseMessage answer = await _browser.PostAsync(
            "/account/password", new() { ["current"] = current, ["new"] = wanted, ["again"] = again ?? wanted, [FormGuard.Field] = token }, origin);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<bool> IsSignedInAsync(Browser browser) => (await browser.GetAsync("/")).StatusCode == HttpStatusCode.OK;

    [Fact]
    public async Task A_person_changes_the_password_and_stays_signed_in_here_alone()
    {
        (await ChangeAsync(Password, "another long one")).Html.ShouldContain("The password is changed");
        (await IsSignedInAsync(_browser)).ShouldBeTrue();
        (await IsSignedInAsync(_elsewhere)).ShouldBeFalse();
        (await new Browser(_host).SignInAsync("ann@carrel.local", Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await new Browser(_host).SignInAsync("ann@carrel.local", "another long one")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("wrong", "another long one", "another long one", "current password is not right")]
    [InlineData(Password, "another long one", "another one", "differ")]
    [InlineData(Password, "short", "short", "8 to 256")]
    [InlineData(Password, Password, Password, "another one")]
    public async Task What_is_wrong_is_said_and_nothing_changes(string current, string wanted, string again, string told)
    {
        (HttpStatusCode status, string html) = await ChangeAsync(current, wanted, again);
        status.ShouldBe(HttpStatusCode.BadRequest);
        html.ShouldContain(told);
        html.ShouldNotContain("another long one");
        (await IsSignedInAsync(_elsewhere)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_stolen_session_does_not_guess_the_password_without_end()
    {
        for (int i = 0; i < 5; i++)
            await ChangeAsync($"guess {i}", "another long one");
        (await ChangeAsync(Password, "another long one")).Status.ShouldBe(HttpStatusCode.BadRequest);
        _host.Time.Advance(LockOut.Default.Duration);
        (await ChangeAsync(Password, "another long one")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_browser_and_command_line()
    {
        string refresh = (await new CommandLine(_host).SignInAsync(_elsewhere))["refresh_token"]!.ToString();
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        string token = await _browser.FormTokenAsync("/account");
        (await _browser.PostAsync("/account/signout-everywhere", new() { [FormGuard.Field] = token })).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await IsSignedInAsync(_browser)).ShouldBeFalse();
        (await IsSignedInAsync(_elsewhere)).ShouldBeFalse();
        (await new CommandLine(_host).RefreshAsync(refresh)).Status.ShouldBe(400);
        (await new Browser(_host).SignInAsync("ann@carrel.local", Password)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("/account/password")]
    [InlineData("/account/signout-everywhere")]
    public async Task Forms_of_other_origins_or_without_their_token_change_nothing(string path)
    {
        string token = await _browser.FormTokenAsync(path == "/account/password" ? path : "/account");
        var form = new Dictionary<string, string> { ["current"] = Password, ["new"] = "another long one", ["again"] = "another long one", [FormGuard.Field] = token };
        foreach (string? origin in (string?[])[null, "null", "https://evil.example"])
            (await _browser.PostAsync(path, form, origin)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        form[FormGuard.Field] = await _browser.FormTokenAsync("/device");
        (await _browser.PostAsync(path, form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await IsSignedInAsync(_elsewhere)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/account/password")]
    [InlineData("/device")]
    public async Task Who_is_not_signed_in_signs_in_first_and_comes_back(string path)
    {
        using HttpResponseMessage answer = await new Browser(_host).GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.OriginalString.ShouldBe("/signin?return=" + Uri.EscapeDataString(path));
    }

    [Fact]
    public async Task A_name_with_markup_in_it_is_shown_as_text()
    {
        GraphClient owner = await _host.AsOwnerAsync();
        await owner.PatchAsync("/v1.0/users/ann@carrel.local", new { displayName = "<img src=x onerror=alert(1)>" });
        foreach (string path in (string[])["/", "/account"])
        {
            string html = await (await _browser.GetAsync(path)).Content.ReadAsStringAsync();
            html.ShouldContain("&lt;img");
            html.ShouldNotContain("<img");
        }
    }
}
