using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Carrel.Access.Authority;
using Carrel.Access.Authority.Device;
using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tests.Support;
using Carrel.Arm.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Access.Tests.Authority;

public sealed class DeviceCodeTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private readonly RecordedTrail _trail = new();
    private AccessHost _host = null!;
    private Browser _browser = null!;
    private CommandLine _carrel = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync(services => services.AddSingleton<IAuditTrail>(_trail));
        await _host.AddUserAsync("ann@carrel.local", Password);
        _browser = new Browser(_host);
        await _browser.SignInAsync("ann@carrel.local", Password);
        _carrel = new CommandLine(_host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Text(JsonObject body, string member) => body[member]!.ToString();

    private async Task<string> EnterAsync(string userCode, Browser? browser = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        browser ??= _browser;
        string token = await browser.FormTokenAsync("/device");
        using HttpResponseMessage answer = await browser.PostAsync("/device", new() { ["user_code"] = userCode, [FormGuard.Field] = token });
        string html = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, html);
        return html;
    }

    private async Task<(HttpStatusCode Status, string Html)> AnswerAsync(string userCode, string html, string answer, Browser? browser = null)
    {
        using HttpResponseMessage response = await (browser ?? _browser).PostAsync(
            "/device/answer", new() { ["user_code"] = userCode, ["answer"] = answer, [FormGuard.Field] = Browser.FormTokenOf(html) });
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task ShouldSayAsync(JsonObject device, string error, CommandLine? carrel = null)
    {
        (int status, JsonObject body) = await (carrel ?? _carrel).PollAsync(Text(device, "device_code"));
        (status, Text(body, "error")).ShouldBe((400, error));
    }

    [Fact]
    public async Task A_device_shows_a_code_a_person_confirms_and_the_device_gets_tokens_once()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        Text(device, "user_code").ShouldMatch("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$");
        Text(device, "verification_uri").ShouldBe(AccessHost.Origin + "/device");
        (device["expires_in"]!.GetValue<int>(), device["interval"]!.GetValue<int>()).ShouldBe((900, 5));
        Text(device, "message").ShouldContain(Text(device, "user_code"));
        await ShouldSayAsync(device, "authorization_pending");

        string html = await EnterAsync(Text(device, "user_code").ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        html.ShouldContain("the carrel command");
        html.ShouldContain("ann@carrel.local");
        html.ShouldContain("127.0.0.1");
        html.ShouldContain("carrel/1.0");
        _host.Time.Advance(TimeSpan.FromSeconds(5));
        await ShouldSayAsync(device, "authorization_pending");
        (await AnswerAsync(Text(device, "user_code"), html, "yes")).Html.ShouldContain("signed in there");

        (int status, JsonObject tokens) = await _carrel.PollAsync(Text(device, "device_code"));
        status.ShouldBe(200, tokens.ToJsonString());
        (await _host.WhoAmIAsync(Text(tokens, "access_token"))).ShouldBe(200);
        foreach (string member in (string[])["refresh_token", "id_token", "client_info", "scope", "expires_in"])
            tokens.ContainsKey(member).ShouldBeTrue(member);
        (await _carrel.RefreshAsync(Text(tokens, "refresh_token"))).Status.ShouldBe(200);
        await ShouldSayAsync(device, "invalid_grant");
        _trail.Written.Select(record => record.Action).ShouldContain("Carrel.Access/signIn/deviceCode/action");
        _trail.Written.Select(record => record.Action).ShouldContain("Carrel.Access/signIn/authorize/action");
    }

    [Fact]
    public async Task A_refusal_is_told_to_the_device()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        string html = await EnterAsync(Text(device, "user_code"));
        (await AnswerAsync(Text(device, "user_code"), html, "no")).Html.ShouldContain("not signed in");
        await ShouldSayAsync(device, "access_denied");
        await EnterAsync(Text(device, "user_code"), expected: HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_device_that_asks_too_often_is_slowed_down()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        await ShouldSayAsync(device, "authorization_pending");
        _host.Time.Advance(TimeSpan.FromSeconds(4));
        await ShouldSayAsync(device, "slow_down");
        _host.Time.Advance(TimeSpan.FromSeconds(9));
        await ShouldSayAsync(device, "slow_down");
        _host.Time.Advance(TimeSpan.FromSeconds(15));
        await ShouldSayAsync(device, "authorization_pending");
    }

    [Fact]
    public async Task A_code_ends_after_fifteen_minutes_for_device_and_person()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        string html = await EnterAsync(Text(device, "user_code"));
        _host.Time.Advance(DeviceCodes.Lifetime);
        (await AnswerAsync(Text(device, "user_code"), html, "yes")).Status.ShouldBe(HttpStatusCode.BadRequest);
        await EnterAsync(Text(device, "user_code"), expected: HttpStatusCode.BadRequest);
        await ShouldSayAsync(device, "expired_token");
    }

    [Fact]
    public async Task A_device_code_belongs_to_its_client_and_user_codes_open_nothing_at_the_token_endpoint()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        await ShouldSayAsync(device, "invalid_grant", new CommandLine(_host, AzureToolsClient.Id));
        (await _carrel.PollAsync(Text(device, "user_code"))).Body["error"]!.ToString().ShouldBe("invalid_grant");
        (await _carrel.DeviceAsync(new() { ["client_id"] = "nobody" })).Body["error"]!.ToString().ShouldBe("unauthorized_client");
        (await _carrel.DeviceAsync(new() { ["scope"] = "x" })).Status.ShouldBe(400);
        (await _carrel.DeviceAsync(new() { ["client_id"] = CommandLineClient.Id, ["scope"] = "https://vault.azure.net/.default" })).Body["error"]!.ToString().ShouldBe("invalid_scope");
        (await _carrel.DeviceAsync(new() { ["client_id"] = CommandLineClient.Id }, tenant: "contoso.com")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Ten_wrong_codes_a_minute_are_enough_for_a_person_and_a_right_one_does_not_help_then()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        for (int i = 0; i < FailureLimits.MostGuesses; i++)
            await EnterAsync("BCDF-GHJK", expected: HttpStatusCode.BadRequest);
        string refused = await EnterAsync(Text(device, "user_code"), expected: HttpStatusCode.TooManyRequests);
        refused.ShouldContain("Too many wrong codes");
        _host.Time.Advance(FailureLimits.Length);
        await EnterAsync(Text(device, "user_code"));
    }

    [Fact]
    public async Task Codes_are_not_given_out_without_end()
    {
        for (int i = 0; i < FailureLimits.Most; i++)
            await _carrel.BeginDeviceAsync();
        (await _carrel.DeviceAsync(new() { ["client_id"] = CommandLineClient.Id })).Status.ShouldBe(429);
    }

    [Fact]
    public async Task Nobody_who_is_not_signed_in_sees_or_answers_a_code()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        var stranger = new Browser(_host);
        using HttpResponseMessage page = await stranger.GetAsync("/device?user_code=" + Text(device, "user_code"));
        page.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        page.Headers.Location!.OriginalString.ShouldBe("/signin?return=%2Fdevice%3Fuser_code%3D" + Text(device, "user_code"));
        foreach (string path in (string[])["/device", "/device/answer"])
        {
            using HttpResponseMessage answer = await stranger.PostAsync(path, new() { ["user_code"] = Text(device, "user_code"), ["answer"] = "yes" });
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        }

        await ShouldSayAsync(device, "authorization_pending");
    }

    [Fact]
    public async Task A_link_with_a_code_in_it_confirms_nothing()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        string html = await (await _browser.GetAsync("/device?user_code=" + Text(device, "user_code"))).Content.ReadAsStringAsync();
        html.ShouldContain($"value=\"{Text(device, "user_code")}\"");
        html.ShouldNotContain("/device/answer");
        await ShouldSayAsync(device, "authorization_pending");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("https://evil.example")]
    public async Task Forms_of_other_origins_confirm_nothing(string? origin)
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        string html = await EnterAsync(Text(device, "user_code"));
        var form = new Dictionary<string, string> { ["user_code"] = Text(device, "user_code"), ["answer"] = "yes", [FormGuard.Field] = Browser.FormTokenOf(html) };
        foreach (string path in (string[])["/device", "/device/answer"])
            (await _browser.PostAsync(path, form, origin)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await ShouldSayAsync(device, "authorization_pending");
    }

    [Fact]
    public async Task A_form_that_showed_one_device_confirms_no_other_and_not_for_somebody_else()
    {
        JsonObject shown = await _carrel.BeginDeviceAsync(), other = await _carrel.BeginDeviceAsync();
        string html = await EnterAsync(Text(shown, "user_code"));
        (await AnswerAsync(Text(other, "user_code"), html, "yes")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AnswerAsync(Text(shown, "user_code"), await EnterAsync(Text(other, "user_code")), "yes")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AnswerAsync(Text(shown, "user_code"), html, "perhaps")).Status.ShouldBe(HttpStatusCode.BadRequest);
        await ShouldSayAsync(other, "authorization_pending");
        await ShouldSayAsync(shown, "authorization_pending");

        // The same browser, signed in as somebody else since the page was shown.
        await _host.AddUserAsync("bob@carrel.local", Password);
        string signOut = await _browser.FormTokenAsync("/");
        await _browser.PostAsync("/signout", new() { [FormGuard.Field] = signOut });
        (await _browser.SignInAsync("bob@carrel.local", Password)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await AnswerAsync(Text(shown, "user_code"), html, "yes")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_a_device_calls_itself_is_shown_as_text()
    {
        JsonObject device = await _carrel.BeginDeviceAsync(agent: "<script>alert(1)</script>");
        string html = await EnterAsync(Text(device, "user_code"));
        html.ShouldNotContain("<script");
        html.ShouldContain("&lt;script&gt;");
        string typed = await EnterAsync("\"><script>alert(1)</script>", expected: HttpStatusCode.BadRequest);
        typed.ShouldNotContain("<script");
        Regex.IsMatch(html, " on[a-z]+=").ShouldBeFalse();
    }

    [Fact]
    public async Task A_confirmed_device_gets_nothing_once_its_person_is_disabled()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        string html = await EnterAsync(Text(device, "user_code"));
        await AnswerAsync(Text(device, "user_code"), html, "yes");
        await (await _host.AsOwnerAsync()).PatchAsync("/v1.0/users/ann@carrel.local", new { accountEnabled = false });
        await ShouldSayAsync(device, "invalid_grant");
    }

    [Fact]
    public async Task The_store_has_only_hashes_of_both_codes()
    {
        JsonObject device = await _carrel.BeginDeviceAsync();
        IDeviceCodeStore store = _host.Get<IDeviceCodeStore>();
        (await store.FindAsync(Text(device, "user_code"), CancellationToken.None)).ShouldBeNull();
        DeviceCode kept = (await store.FindAsync(UserCode.HashOf(Text(device, "user_code"))!, CancellationToken.None))!;
        kept.Hash.ShouldBe(ClientSecrets.Hash(Text(device, "device_code")));
    }

    [Fact]
    public async Task Discovery_names_the_endpoints()
    {
        JsonNode document = JsonNode.Parse(await _host.Http.GetStringAsync($"/{_host.Tenant}/v2.0/.well-known/openid-configuration"))!;
        document["device_authorization_endpoint"]!.ToString().ShouldBe($"{AccessHost.Origin}/{_host.Tenant}/oauth2/v2.0/devicecode");
        document["grant_types_supported"]!.AsArray().Select(grant => grant!.ToString()).ShouldContain("urn:ietf:params:oauth:grant-type:device_code");
    }
}
