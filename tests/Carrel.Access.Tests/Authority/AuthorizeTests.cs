using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tests.Support;
using Carrel.Access.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Access.Tests.Authority;

public sealed class AuthorizeTests : IAsyncLifetime
{
    private const string Redirect = "http://127.0.0.1:50123/";
    private const string Password = "correct horse battery";

    private readonly string _verifier = ClientSecrets.Create();
    private AccessHost _host = null!;
    private Browser _browser = null!;
    private DirectoryUser _ann = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync(services => services
            .AddSingleton<IAuthorizationClient, DoorOfAnn>()
            .AddSingleton<IAuthorizationClient, SecondCommand>());
        _ann = await _host.AddUserAsync("ann@carrel.local", Password);
        _browser = new Browser(_host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>A client such as the gateway's: one redirect URI, one person.</summary>
    private sealed class DoorOfAnn : IAuthorizationClient
    {
        internal const string Callback = "https://ann.local.instances.carrel.localhost:8443/.carrel/callback";

        public string ClientId => "door";

        public string DisplayName => "the instance";

        public IReadOnlyList<string> RedirectSources => ["https://*.local.instances.carrel.localhost:8443"];

        public bool AllowsRedirect(string redirectUri) => redirectUri == Callback;

        public ValueTask<ClientAdmission> AdmitAsync(DirectoryUser user, string redirectUri, CancellationToken cancellation) =>
            new(user.UserName.StartsWith("ann@", StringComparison.Ordinal) ? ClientAdmission.Yes : new ClientAdmission(false, "Not <yours>."));
    }

    /// <summary>Another client that redeems at the token endpoint.</summary>
    private sealed class SecondCommand : IAuthorizationClient
    {
        public string ClientId => "second";

        public string DisplayName => "the other";

        public IReadOnlyList<string> RedirectSources => [];

        public bool RedeemsAtTokenEndpoint => true;

        public bool AllowsRedirect(string redirectUri) => redirectUri == Redirect;

        public ValueTask<ClientAdmission> AdmitAsync(DirectoryUser user, string redirectUri, CancellationToken cancellation) => new(ClientAdmission.Yes);
    }

    private string Address(string? changed = null, string? value = null, string client = CommandLineClient.Id, string redirect = Redirect)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = client,
            ["response_type"] = "code",
            ["redirect_uri"] = redirect,
            ["scope"] = "openid profile",
            ["state"] = "a b&c=d",
            ["nonce"] = "n1",
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier))),
            ["code_challenge_method"] = "S256",
        };
        if (changed is not null)
            parameters[changed] = value;
        return $"/{_host.Tenant}/oauth2/v2.0/authorize?" + string.Join('&', parameters.Where(one => one.Value is not null)
            .Select(one => one.Key + "=" + Uri.EscapeDataString(one.Value!)));
    }

    private async Task<string> CodeAsync(string? address = null)
    {
        if (!_browser.Cookies.ContainsKey(StudioSession.Cookie))
            await _browser.SignInAsync("ann@carrel.local", Password);
        using HttpResponseMessage response = await _browser.GetAsync(address ?? Address());
        ((int)response.StatusCode).ShouldBe(302, await response.Content.ReadAsStringAsync());
        return HttpUtility.ParseQueryString(response.Headers.Location!.Query)["code"]!;
    }

    private Task<(int Status, JsonObject Body)> RedeemAsync(string code, string? verifier = null, string redirect = Redirect, string client = CommandLineClient.Id)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = client, ["code"] = code, ["redirect_uri"] = redirect,
        };
        if (verifier != "")
            form["code_verifier"] = verifier ?? _verifier;
        return _host.TokenAsync(form);
    }

    private async Task ShouldBeBad(Task<(int Status, JsonObject Body)> redeeming)
    {
        (int status, JsonObject body) = await redeeming;
        status.ShouldBe(400);
        body["error"]!.GetValue<string>().ShouldBe("invalid_grant");
        body.ContainsKey("access_token").ShouldBeFalse();
        _host.ShouldNotBeNull();
    }

    [Fact]
    public async Task Somebody_unknown_is_led_to_sign_in_and_back_to_the_client_with_code_and_state()
    {
        using HttpResponseMessage first = await _browser.GetAsync(Address());
        ((int)first.StatusCode).ShouldBe(302);
        string signIn = first.Headers.Location!.OriginalString;
        signIn.ShouldStartWith("/signin?return=%2F");
        string target = HttpUtility.ParseQueryString(signIn.Split('?', 2)[1])["return"]!;

        using HttpResponseMessage second = await _browser.SignInAsync("ANN@carrel.local", Password, target);
        ((int)second.StatusCode).ShouldBe(303);
        second.Headers.Location!.OriginalString.ShouldBe(target);

        using HttpResponseMessage third = await _browser.GetAsync(target);
        Uri back = third.Headers.Location!;
        back.GetLeftPart(UriPartial.Path).ShouldBe(Redirect);
        HttpUtility.ParseQueryString(back.Query)["state"].ShouldBe("a b&c=d");

        (int status, JsonObject body) = await RedeemAsync(HttpUtility.ParseQueryString(back.Query)["code"]!);
        status.ShouldBe(200);
        TokenValidation access = _host.Get<ValidatedTokens>().Validate(body["access_token"]!.GetValue<string>());
        access.Caller!.ObjectId.ShouldBe(_ann.ObjectId);
        access.Caller.Name.ShouldBe("ann@carrel.local");
        string identity = body["id_token"]!.GetValue<string>();
        JsonNode claims = JsonNode.Parse(Base64Url.DecodeFromChars(identity.Split('.')[1]))!;
        claims["nonce"]!.GetValue<string>().ShouldBe("n1");
        claims["aud"]!.GetValue<string>().ShouldBe(CommandLineClient.Id);
        _host.Get<ValidatedTokens>().Validate(identity).Fault.ShouldBe(TokenFault.WrongAudience);
    }

    [Fact]
    public async Task A_code_works_once_and_its_second_use_takes_the_token_back()
    {
        string code = await CodeAsync();
        (_, JsonObject body) = await RedeemAsync(code);
        string token = body["access_token"]!.GetValue<string>();
        ((int)(await _host.SendAsync(HttpMethod.Get, "/whoami", token)).StatusCode).ShouldBe(200);
        await ShouldBeBad(RedeemAsync(code));
        ((int)(await _host.SendAsync(HttpMethod.Get, "/whoami", token)).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Of_many_parallel_uses_at_most_one_succeeds()
    {
        string code = await CodeAsync();
        (int Status, JsonObject Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RedeemAsync(code)));
        answers.Count(answer => answer.Status == 200).ShouldBe(1);
    }

    [Fact]
    public async Task A_code_is_bound_to_verifier_address_client_and_60_seconds_and_a_wrong_try_uses_it_up()
    {
        string code = await CodeAsync();
        await ShouldBeBad(RedeemAsync(code, verifier: ClientSecrets.Create()));
        await ShouldBeBad(RedeemAsync(code));
        await ShouldBeBad(RedeemAsync(await CodeAsync(), redirect: "http://127.0.0.1:50124/"));
        await ShouldBeBad(RedeemAsync(await CodeAsync(), client: "second"));
        await ShouldBeBad(RedeemAsync(await CodeAsync(), verifier: "short"));
        await ShouldBeBad(RedeemAsync("x"));
        string late = await CodeAsync();
        _host.Time.Advance(TimeSpan.FromSeconds(60));
        await ShouldBeBad(RedeemAsync(late));
        string intime = await CodeAsync();
        _host.Time.Advance(TimeSpan.FromSeconds(59));
        (await RedeemAsync(intime)).Status.ShouldBe(200);
        (await RedeemAsync(await CodeAsync(), verifier: "")).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("scope", "https://vault.azure.net/.default", "invalid_scope")]
    [InlineData("prompt", "none", "login_required")]
    public async Task What_is_wrong_otherwise_is_told_to_the_client(string parameter, string? value, string error)
    {
        using HttpResponseMessage response = await _browser.GetAsync(Address(parameter, value));
        ((int)response.StatusCode).ShouldBe(302);
        response.Headers.Location!.OriginalString.ShouldStartWith(Redirect + "?error=" + error + "&");
        HttpUtility.ParseQueryString(response.Headers.Location.Query)["state"].ShouldBe("a b&c=d");
    }

    [Theory]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", null)]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "https://evil.example/")]
    [InlineData("redirect_uri", "http://127.0.0.1:50123")]
    [InlineData("redirect_uri", "http://127.0.0.1:50123/x")]
    [InlineData("redirect_uri", "http://127.0.0.1:50123/?x=/")]
    [InlineData("redirect_uri", "http://127.0.0.1:50123@evil.example/")]
    [InlineData("redirect_uri", "http://127.0.0.1:50123.evil.example/")]
    [InlineData("redirect_uri", "http://127.0.0.1:/")]
    [InlineData("redirect_uri", "http://127.0.0.1:99999/")]
    [InlineData("redirect_uri", "http://127.0.0.1:80/#/")]
    [InlineData("redirect_uri", "https://127.0.0.1:50123/")]
    [InlineData("redirect_uri", "http://localhost:50123/\r\nSet-Cookie: a=b/")]
    [InlineData("redirect_uri", "javascript:alert(1)/")]
    public async Task What_is_wrong_with_client_or_address_is_shown_and_never_redirected(string parameter, string? value)
    {
        await _browser.SignInAsync("ann@carrel.local", Password);
        using HttpResponseMessage response = await _browser.GetAsync(Address(parameter, value));
        ((int)response.StatusCode).ShouldBe(400);
        response.Headers.Location.ShouldBeNull();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task Repeated_parameters_are_refused()
    {
        using HttpResponseMessage response = await _browser.GetAsync(Address() + "&redirect_uri=http://localhost:1/");
        ((int)response.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task A_code_for_an_instance_becomes_no_access_token_at_the_token_endpoint()
    {
        string code = await CodeAsync(Address(client: "door", redirect: DoorOfAnn.Callback));
        (int status, JsonObject body) = await RedeemAsync(code, redirect: DoorOfAnn.Callback, client: "door");
        status.ShouldBe(400);
        body["error"]!.GetValue<string>().ShouldBe("unauthorized_client");
        (await _host.Get<AuthorizationCodes>().RedeemAsync(code, "door", DoorOfAnn.Callback, _verifier, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_client_may_turn_a_person_away_before_a_code_exists()
    {
        await _host.AddUserAsync("bob@carrel.local", Password);
        await _browser.SignInAsync("bob@carrel.local", Password);
        using HttpResponseMessage response = await _browser.GetAsync(Address(client: "door", redirect: DoorOfAnn.Callback));
        ((int)response.StatusCode).ShouldBe(403);
        (await response.Content.ReadAsStringAsync()).ShouldContain("Not &lt;yours&gt;.");
    }

    [Fact]
    public async Task An_instance_session_begins_from_a_code_and_ends_with_the_studio_session_or_a_replay()
    {
        var codes = _host.Get<AuthorizationCodes>();
        var sessions = _host.Get<Sessions>();
        CancellationToken none = CancellationToken.None;
        async Task<(string Code, string Token)> EnterAsync()
        {
            string code = await CodeAsync(Address(client: "door", redirect: DoorOfAnn.Callback));
            RedeemedCode redeemed = (await codes.RedeemAsync(code, "door", DoorOfAnn.Callback, _verifier, none))!;
            return (code, (await sessions.BeginInstanceAsync("uid1", redeemed.User.ObjectId, redeemed.SessionId, redeemed.GrantId, none))!);
        }

        (string code, string token) = await EnterAsync();
        (await sessions.FindAsync(token, SessionKind.Instance, "uid1", none)).ShouldNotBeNull();
        (await sessions.FindAsync(token, SessionKind.Instance, "uid2", none)).ShouldBeNull();
        (await sessions.FindAsync(token, SessionKind.Studio, null, none)).ShouldBeNull();
        (await sessions.FindAsync(_browser.Cookies[StudioSession.Cookie], SessionKind.Instance, "uid1", none)).ShouldBeNull();

        (await codes.RedeemAsync(code, "door", DoorOfAnn.Callback, _verifier, none)).ShouldBeNull();
        (await sessions.FindAsync(token, SessionKind.Instance, "uid1", none)).ShouldBeNull();

        (_, string second) = await EnterAsync();
        string form = await _browser.FormTokenAsync("/");
        await _browser.PostAsync("/signout", new() { [FormGuard.Field] = form });
        (await sessions.FindAsync(second, SessionKind.Instance, "uid1", none)).ShouldBeNull();
    }
}
