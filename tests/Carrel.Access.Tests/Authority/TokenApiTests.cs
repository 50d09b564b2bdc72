using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Tests.Support;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tests.Authority;

public sealed class TokenApiTests : IAsyncLifetime
{
    private AccessHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AccessHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void ShouldRefuse((int Status, JsonObject Body) answer, int status, string error, int number)
    {
        answer.Status.ShouldBe(status, answer.Body.ToJsonString());
        answer.Body["error"]!.GetValue<string>().ShouldBe(error);
        answer.Body["error_description"]!.GetValue<string>().ShouldStartWith($"AADSTS{number}: ");
        answer.Body["error_codes"]![0]!.GetValue<int>().ShouldBe(number);
        foreach (string member in (string[])["timestamp", "trace_id", "correlation_id"])
            answer.Body.ContainsKey(member).ShouldBeTrue();
    }

    [Fact]
    public async Task A_program_gets_a_token_that_is_not_kept_by_caches()
    {
        using HttpResponseMessage response = await _host.Http.PostAsync(
            $"/{_host.Tenant}/oauth2/v2.0/token?client-request-id=1", new FormUrlEncodedContent(_host.ProgramForm()));
        ((int)response.StatusCode).ShouldBe(200);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        JsonObject body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        body["token_type"]!.GetValue<string>().ShouldBe("Bearer");
        body["expires_in"]!.GetValue<int>().ShouldBe(3599);
        body["ext_expires_in"]!.GetValue<int>().ShouldBe(3599);
        Caller caller = _host.Get<ValidatedTokens>().Validate(body["access_token"]!.GetValue<string>()).Caller!;
        caller.TenantId.ShouldBe(_host.Tenant);
        caller.ApplicationId.ShouldBe(_host.Secrets.ClientId);
        caller.Kind.ShouldBe(CallerKind.Application);
    }

    [Theory]
    [InlineData("common")]
    [InlineData("organizations")]
    [InlineData("CARREL.local")]
    public async Task The_tenant_has_other_names(string tenant) => (await _host.TokenAsync(_host.ProgramForm(), tenant)).Status.ShouldBe(200);

    [Fact]
    public async Task Another_tenant_is_refused()
    {
        ShouldRefuse(await _host.TokenAsync(_host.ProgramForm(), Guid.NewGuid().ToString()), 400, "invalid_request", 90002);
        ShouldRefuse(await _host.TokenAsync(_host.ProgramForm(), "contoso.com"), 400, "invalid_request", 90002);
    }

    [Theory]
    [InlineData(AccessHost.Origin + "/.default", AccessHost.Origin)]
    [InlineData(AccessHost.Origin + "//.default", AccessHost.Origin + "/")]
    [InlineData("https://management.azure.com/.default", "https://management.azure.com")]
    [InlineData("https://management.core.windows.net//.default", "https://management.core.windows.net/")]
    public async Task The_audience_is_the_scope_without_its_last_segment(string scope, string audience)
    {
        JsonObject body = (await _host.TokenAsync(_host.ProgramForm(scope))).Body;
        string payload = body["access_token"]!.GetValue<string>().Split('.')[1];
        JsonNode claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload))!;
        claims["aud"]!.GetValue<string>().ShouldBe(audience);
        claims["iss"]!.GetValue<string>().ShouldBe($"{AccessHost.Origin}/{_host.Tenant}/v2.0");
        foreach (string claim in (string[])["tid", "oid", "sub", "appid", "exp", "nbf", "iat", "ver", "idtyp"])
            claims[claim].ShouldNotBeNull(claim);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_has_the_code_that_clients_know()
    {
        async Task Refused(string name, string? value, int status, string error, int number)
        {
            Dictionary<string, string> form = _host.ProgramForm();
            form.Remove(name);
            if (value is not null)
                form[name] = value;
            ShouldRefuse(await _host.TokenAsync(form), status, error, number);
        }

        await Refused("client_secret", "wrong", 401, "invalid_client", 7000215);
        await Refused("client_secret", null, 401, "invalid_client", 7000218);
        await Refused("client_id", Guid.NewGuid().ToString(), 400, "unauthorized_client", 700016);
        await Refused("client_id", "no guid", 400, "unauthorized_client", 700016);
        await Refused("client_id", null, 400, "invalid_request", 900144);
        await Refused("scope", null, 400, "invalid_request", 900144);
        await Refused("scope", "https://vault.azure.net/.default", 400, "invalid_scope", 500011);
        await Refused("scope", AccessHost.Origin, 400, "invalid_scope", 1002012);
        await Refused("grant_type", null, 400, "invalid_request", 900144);
        await Refused("grant_type", "password", 400, "unsupported_grant_type", 70003);
    }

    [Fact]
    public async Task Several_secrets_are_good_until_each_expires()
    {
        string second = ClientSecrets.Create();
        await _host.Directory.AddClientSecretAsync(
            new ClientSecret(Guid.NewGuid(), _host.Secrets.ClientId, ClientSecrets.Hash(second), _host.Time.GetUtcNow().AddDays(1)), CancellationToken.None);
        Dictionary<string, string> form = _host.ProgramForm();
        form["client_secret"] = second;
        (await _host.TokenAsync(form)).Status.ShouldBe(200);
        _host.Time.Advance(TimeSpan.FromDays(1));
        ShouldRefuse(await _host.TokenAsync(form), 401, "invalid_client", 7000222);
        (await _host.TokenAsync(_host.ProgramForm())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_secret_may_come_as_HTTP_Basic_but_not_twice()
    {
        async Task<int> SendAsync(string credentials, bool alsoInForm)
        {
            Dictionary<string, string> form = _host.ProgramForm();
            if (!alsoInForm)
                form.Remove("client_secret");
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/{_host.Tenant}/oauth2/v2.0/token") { Content = new FormUrlEncodedContent(form) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
            using HttpResponseMessage response = await _host.Http.SendAsync(request);
            if ((int)response.StatusCode == 401)
                response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Basic");
            return (int)response.StatusCode;
        }

        string good = $"{_host.Secrets.ClientId}:{_host.Secrets.ClientSecret}";
        (await SendAsync(good, false)).ShouldBe(200);
        (await SendAsync(good, true)).ShouldBe(400);
        (await SendAsync($"{_host.Secrets.ClientId}:wrong", false)).ShouldBe(401);
        (await SendAsync($"{Guid.NewGuid()}:{_host.Secrets.ClientSecret}", false)).ShouldBe(400);
        (await SendAsync("nonsense", false)).ShouldBe(400);
    }

    [Fact]
    public async Task Repeated_parameters_other_bodies_and_huge_bodies_are_refused()
    {
        string path = $"/{_host.Tenant}/oauth2/v2.0/token";
        var repeated = new FormUrlEncodedContent([.. _host.ProgramForm(), new("scope", "x")]);
        ((int)(await _host.Http.PostAsync(path, repeated)).StatusCode).ShouldBe(400);
        ((int)(await _host.Http.PostAsync(path, new StringContent("{}", Encoding.UTF8, "application/json"))).StatusCode).ShouldBe(400);
        ((int)(await _host.Http.PostAsync(path, null)).StatusCode).ShouldBe(400);
        var cut = new StringContent("no boundary");
        cut.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "x") } };
        ((int)(await _host.Http.PostAsync(path, cut)).StatusCode).ShouldBe(400);
        var ancient = new FormUrlEncodedContent(_host.ProgramForm());
        ancient.Headers.ContentType = new("application/x-www-form-urlencoded", "utf-7");
        ((int)(await _host.Http.PostAsync(path, ancient)).StatusCode).ShouldBe(400);
        var huge = new FormUrlEncodedContent([.. _host.ProgramForm(), new("filler", new string('x', 100_000))]);
        ((int)(await _host.Http.PostAsync(path, huge)).StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task However_many_failures_a_right_secret_still_works()
    {
        Dictionary<string, string> wrong = _host.ProgramForm();
        wrong["client_secret"] = "wrong";
        for (int i = 0; i < 40; i++)
            (await _host.TokenAsync(wrong)).Status.ShouldBe(401);
        (await _host.TokenAsync(_host.ProgramForm())).Status.ShouldBe(200);
    }
}
