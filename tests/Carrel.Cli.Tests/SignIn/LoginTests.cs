using System.Text.Json.Nodes;
using Carrel.Cli.Commands;
using Carrel.Cli.Errors;
using Carrel.Cli.SignIn;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.SignIn;

public sealed class LoginTests : IDisposable
{
    private readonly Cli _cli = new(signedIn: false);

    /// <summary>A browser whose person signs in at once: it follows the redirect with what the page would give.</summary>
    private static Func<Uri, bool> Person(Func<Dictionary<string, string>, string> answer, List<Dictionary<string, string>> seen) => page =>
    {
        var query = LoopbackListener.Query($"GET /{page.Query} HTTP/1.1\r\n");
        seen.Add(query);
        _ = Task.Run(async () =>
        {
            using var http = new HttpClient();
            await http.GetAsync(query["redirect_uri"] + "favicon.ico");
            await http.GetAsync(query["redirect_uri"] + "?code=stolen&state=guess");
            await http.GetAsync(query["redirect_uri"] + answer(query));
        });
        return true;
    };

    private void AnswerToken(string? extra = null) => _cli.Server.On(Cli.Token, 200, Cli.TokenBody("user", extra));

    private Task<int> LoginAsync(List<Dictionary<string, string>>? seen = null)
    {
        _cli.Browser = Person(query => $"?code=c1&state={query["state"]}", seen ?? []);
        return _cli.RunAsync("login");
    }

    [Fact]
    public async Task A_person_signs_in_with_code_and_PKCE()
    {
        var seen = new List<Dictionary<string, string>>();
        AnswerToken();
        (await LoginAsync(seen)).ShouldBe(ExitCode.Ok, _cli.Error);

        var asked = seen.ShouldHaveSingleItem();
        asked["client_id"].ShouldBe("c4a77e10-0000-4000-8000-0000000000c1");
        asked["scope"].ShouldBe("https://carrel.test:8443/.default openid profile offline_access");
        asked["redirect_uri"].ShouldMatch(@"^http://127\.0\.0\.1:\d+/$");
        asked["code_challenge_method"].ShouldBe("S256");
        var form = LoopbackListener.Query($"GET /?{_cli.Server.Seen.Single(request => request.Path.EndsWith("/token", StringComparison.Ordinal)).Body} HTTP/1.1\r\n");
        form["grant_type"].ShouldBe("authorization_code");
        form["code"].ShouldBe("c1");
        form["redirect_uri"].ShouldBe(asked["redirect_uri"]);
        BrowserSignIn.Challenge(form["code_verifier"]).ShouldBe(asked["code_challenge"]);
        _cli.Error.ShouldContain("as ada@example.org");
    }

    [Fact]
    public async Task A_server_that_goes_by_another_name_is_told_from_a_refused_sign_in()
    {
        _cli.Environment["CARREL_CLIENT_ID"] = "client1";
        _cli.Environment["CARREL_CLIENT_SECRET"] = "secret1";
        _cli.Server.On(Cli.Token, 421, "This server does not answer to this host name.");

        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Unreachable);
        _cli.Error.ShouldContain("does not answer to the name carrel.test:8443: set CARREL_URL");
    }

    [Fact]
    public void The_challenge_is_the_unpadded_base64url_of_the_SHA_256() =>
        BrowserSignIn.Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").ShouldBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");

    [Fact]
    public async Task The_token_is_kept_for_its_owner_alone_and_used_afterwards()
    {
        AnswerToken();
        await LoginAsync();
        File.GetUnixFileMode(_cli.ConfigPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _cli.Server.On($"GET {Cli.Workspace}/computes", 200, """{"value":[]}""");
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync("account", "show", "-o", "json")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldContain("\"name\": \"ada@example.org\"");
    }

    [Fact]
    public async Task A_token_is_not_sent_to_another_server()
    {
        AnswerToken();
        await LoginAsync();
        _cli.Environment["CARREL_URL"] = "https://other.test";
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.NotSignedIn);
    }

    [Fact]
    public async Task An_expired_sign_in_asks_for_a_new_one()
    {
        AnswerToken();
        await LoginAsync();
        _cli.Clock.Advance(TimeSpan.FromHours(1));
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldContain("has expired: run 'carrel login'");
    }

    [Fact]
    public async Task A_refresh_token_renews_the_sign_in()
    {
        AnswerToken(""","refresh_token":"r1" """);
        await LoginAsync();
        _cli.Clock.Advance(TimeSpan.FromHours(1));
        _cli.Server.On($"GET {Cli.Workspace}/computes", 200, """{"value":[]}""");
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.Seen.ShouldContain(request => request.Body.Contains("grant_type=refresh_token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_on_the_page_is_told()
    {
        _cli.Browser = Person(query => $"?error=access_denied&error_description=locked+out&state={query["state"]}", []);
        (await _cli.RunAsync("login")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldContain("locked out");
    }

    private const string Pending = """{"error":"authorization_pending","error_description":"AADSTS70016: wait"}""";

    private void AnswerDevice() => _cli.Server.On("POST /ten1/oauth2/v2.0/devicecode", 200,
        """{"user_code":"BCDF-GHJK","device_code":"d1","verification_uri":"https://carrel.test:8443/device","expires_in":900,"interval":5}""");

    [Theory]
    [InlineData("login")]
    [InlineData("login --device-code")]
    public async Task Without_a_browser_a_code_is_shown_and_waited_for(string line)
    {
        AnswerDevice();
        _cli.Browser = _ => line == "login" ? false : throw new InvalidOperationException("No browser was asked for.");
        _cli.Server.On(Cli.Token, 400, Pending).On(Cli.Token, 400, """{"error":"slow_down"}""").On(Cli.Token, 400, Pending).On(Cli.Token, 200, Cli.TokenBody("user"));
        (await _cli.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Error.ShouldContain("open https://carrel.test:8443/device in a browser on any computer and enter the code BCDF-GHJK");
        _cli.Error.ShouldContain("as ada@example.org");
        _cli.Clock.Waits.Select(wait => wait.TotalSeconds).ShouldBe([5, 5, 10, 10]);
        _cli.Server.Seen.First(request => request.Path.EndsWith("/devicecode", StringComparison.Ordinal)).Body.ShouldContain("offline_access");
        _cli.Server.Seen.Last(request => request.Path.EndsWith("/token", StringComparison.Ordinal)).Body
            .ShouldBe("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=c4a77e10-0000-4000-8000-0000000000c1&device_code=d1");
    }

    [Theory]
    [InlineData("access_denied", "refused on the page")]
    [InlineData("expired_token", "within 15 minutes")]
    [InlineData("invalid_grant", "AADSTS1: why")]
    public async Task A_device_code_that_comes_to_nothing_says_why(string error, string told)
    {
        AnswerDevice();
        _cli.Server.On(Cli.Token, 400, $$"""{"error":"{{error}}","error_description":"AADSTS1: why"}""");
        (await _cli.RunAsync("login", "--device-code")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldContain(told);
    }

    [Fact]
    public async Task A_device_that_nobody_confirms_stops_asking()
    {
        AnswerDevice();
        _cli.Server.On(Cli.Token, 400, Pending);
        (await _cli.RunAsync("login", "--device-code")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Server.Seen.Count(request => request.Path.EndsWith("/token", StringComparison.Ordinal)).ShouldBe(180);
    }

    [Fact]
    public async Task A_sign_in_that_was_ended_at_the_server_asks_for_a_new_one()
    {
        AnswerToken(""","refresh_token":"r1" """);
        await LoginAsync();
        _cli.Clock.Advance(TimeSpan.FromHours(1));
        _cli.Server.Replace(Cli.Token, 400, """{"error":"invalid_grant","error_description":"AADSTS50173: ended"}""");
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldContain("run 'carrel login' again");
    }

    [Fact]
    public async Task The_next_refresh_token_takes_the_place_of_the_one_that_was_used_and_two_commands_use_one()
    {
        AnswerToken(""","refresh_token":"r1" """);
        await LoginAsync();
        _cli.Server.Replace(Cli.Token, 200, Cli.TokenBody("user", ""","refresh_token":"r2" """)).On($"GET {Cli.Workspace}/computes", 200, """{"value":[]}""");
        _cli.Clock.Advance(TimeSpan.FromHours(1));
        int[] codes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            CliApplication.RunAsync(_cli.Host() with { Out = TextWriter.Null, Error = TextWriter.Null }, ["compute", "list"], CancellationToken.None))));
        codes.ShouldAllBe(code => code == ExitCode.Ok);
        _cli.Server.Seen.Count(request => request.Body.Contains("refresh_token=r1", StringComparison.Ordinal)).ShouldBe(1);
        File.ReadAllText(_cli.ConfigPath).ShouldContain("\"r2\"");
        File.GetUnixFileMode(_cli.ConfigPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Logout_ends_the_sign_in_at_the_server_too()
    {
        AnswerToken(""","refresh_token":"r1" """);
        await LoginAsync();
        _cli.Server.On("POST /ten1/oauth2/v2.0/revoke", 200);
        (await _cli.RunAsync("logout")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.Seen.Last().Body.ShouldBe("client_id=c4a77e10-0000-4000-8000-0000000000c1&token=r1");
        File.ReadAllText(_cli.ConfigPath).ShouldNotContain("r1");
    }

    [Theory]
    [InlineData("s3cret")]
    [InlineData("-")]
    [InlineData("@")]
    public async Task A_service_principal_signs_in_and_its_secret_is_not_kept(string given)
    {
        _cli.Input = "s3cret\n";
        _cli.Server.On(Cli.Token, 200, Cli.TokenBody("app"));
        var password = given == "@" ? "@" + _cli.Write("secret", "s3cret\n") : given;
        (await _cli.RunAsync("login", "--service-principal", "-u", "client1", "-p", password, "--tenant", "ten1")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.Seen[0].Body.ShouldBe("grant_type=client_credentials&client_id=client1&client_secret=s3cret&scope=https%3A%2F%2Fcarrel.test%3A8443%2F.default");
        File.ReadAllText(_cli.ConfigPath).ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_wrong_secret_is_told_in_the_servers_words()
    {
        _cli.Server.On(Cli.Token, 401, """{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret."}""");
        (await _cli.RunAsync("login", "--service-principal", "-u", "c", "-p", "x", "--tenant", "ten1")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldBe("Error: Sign-in was refused: AADSTS7000215: Invalid client secret.\n");
    }

    [Fact]
    public async Task Login_finds_the_only_workspace_by_itself()
    {
        foreach (var name in new[] { "CARREL_SUBSCRIPTION", "CARREL_GROUP", "CARREL_WORKSPACE", "CARREL_URL", "CARREL_TENANT" })
            _cli.Environment.Remove(name);
        _cli.Server.On("POST /organizations/oauth2/v2.0/token", 200, Cli.TokenBody("user"))
            .On("GET /subscriptions", 200, """{"value":[{"subscriptionId":"sub1"}]}""")
            .On("GET /subscriptions/sub1/providers/Microsoft.MachineLearningServices/workspaces", 200, $$"""{"value":[{"id":"{{Cli.Workspace}}","name":"ws1","location":"eastus"}]}""")
            .On($"GET {Cli.Workspace}/computes", 200, """{"value":[]}""");
        _cli.Browser = Person(query => $"?code=c1&state={query["state"]}", []);
        (await _cli.RunAsync("login", "--url", "https://carrel.test:8443")).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode.Parse(File.ReadAllText(_cli.ConfigPath))!["tenant"]!.ToString().ShouldBe("ten1");
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);
    }

    [Fact]
    public async Task Logout_forgets_the_token()
    {
        AnswerToken();
        await LoginAsync();
        (await _cli.RunAsync("logout")).ShouldBe(ExitCode.Ok);
        File.ReadAllText(_cli.ConfigPath).ShouldNotContain("access_token");
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldContain("Nobody is signed in: run 'carrel login'");
    }

    [Fact]
    public async Task Without_a_server_the_remedy_is_named()
    {
        _cli.Environment.Remove("CARREL_URL");
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("CARREL_URL");
    }

    [Fact]
    public async Task Plain_http_is_refused()
    {
        _cli.Environment["CARREL_URL"] = "http://carrel.test";
        (await _cli.RunAsync("login")).ShouldBe(ExitCode.Usage);
        _cli.Server.Seen.ShouldBeEmpty();
    }

    public void Dispose() => _cli.Dispose();
}
