using System.Net;
using System.Text.Json.Nodes;
using Carrel.Access.Authority;
using Carrel.Access.Authority.Refresh;
using Carrel.Access.Directory;
using Carrel.Access.Tests.Support;
using Carrel.Arm.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Access.Tests.Authority;

public sealed class RefreshTokenTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private readonly RecordedTrail _trail = new();
    private AccessHost _host = null!;
    private DirectoryUser _ann = null!;
    private Browser _browser = null!;
    private CommandLine _carrel = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync(services => services.AddSingleton<IAuditTrail>(_trail));
        _ann = await _host.AddUserAsync("ann@carrel.local", Password);
        _browser = new Browser(_host);
        await _browser.SignInAsync("ann@carrel.local", Password);
        _carrel = new CommandLine(_host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Refresh(JsonObject body) => body["refresh_token"]!.GetValue<string>();

    private static string Access(JsonObject body) => body["access_token"]!.GetValue<string>();

    private async Task<JsonObject> RefreshedAsync(string token)
    {
        (int status, JsonObject body) = await _carrel.RefreshAsync(token);
        status.ShouldBe(200, body.ToJsonString());
        return body;
    }

    private async Task ShouldBeRefusedAsync(string token, int number = 50173, string? client = null)
    {
        (int status, JsonObject body) = await _carrel.RefreshAsync(token, client);
        (status, body["error"]!.ToString()).ShouldBe((400, "invalid_grant"));
        body["error_codes"]![0]!.GetValue<int>().ShouldBe(number);
    }

    [Fact]
    public async Task Each_refresh_token_gives_an_access_token_and_the_next_refresh_token()
    {
        JsonObject signIn = await _carrel.SignInAsync(_browser);
        string token = Refresh(signIn);
        for (int hour = 0; hour < 5; hour++)
        {
            _host.Time.Advance(TimeSpan.FromHours(1));
            JsonObject next = await RefreshedAsync(token);
            (await _host.WhoAmIAsync(Access(next))).ShouldBe(200);
            next["id_token"].ShouldNotBeNull();
            Refresh(next).ShouldNotBe(token);
            token = Refresh(next);
        }
    }

    [Fact]
    public async Task Without_offline_access_there_is_none() =>
        (await _carrel.SignInAsync(_browser, AccessHost.Origin + "/.default")).ContainsKey("refresh_token").ShouldBeFalse();

    [Fact]
    public async Task The_answer_names_the_account_as_MSAL_wants_it()
    {
        JsonObject signIn = await _carrel.SignInAsync(_browser);
        JsonNode info = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(signIn["client_info"]!.GetValue<string>()))!;
        (info["uid"]!.ToString(), info["utid"]!.ToString()).ShouldBe((_ann.ObjectId.ToString(), _host.Tenant.ToString()));
        signIn["scope"]!.ToString().ShouldBe(CommandLine.Scope);
    }

    [Fact]
    public async Task A_token_that_is_used_again_ends_the_sign_in_for_thief_and_owner()
    {
        string first = Refresh(await _carrel.SignInAsync(_browser));
        JsonObject second = await RefreshedAsync(first);
        _host.Time.Advance(RefreshRule.Default.Together);
        await ShouldBeRefusedAsync(first);
        await ShouldBeRefusedAsync(Refresh(second));
        (await _host.WhoAmIAsync(Access(second))).ShouldBe(401);
        AuditRecord told = _trail.Written.Single(record => record.Action == "Carrel.Access/signIn/refreshReuse/action");
        (told.Who.ObjectId, told.Outcome).ShouldBe((_ann.ObjectId, AuditOutcome.Failed));
        told.ToString().ShouldNotContain(first);
    }

    [Fact]
    public async Task Two_processes_that_share_a_cache_may_refresh_at_the_same_moment()
    {
        string first = Refresh(await _carrel.SignInAsync(_browser));
        JsonObject[] both = await Task.WhenAll(RefreshedAsync(first), RefreshedAsync(first));
        foreach (JsonObject one in both)
            await RefreshedAsync(Refresh(one));
    }

    [Theory]
    [InlineData(null, null, 0, RefreshOutcome.Renewed)]
    [InlineData(5, "1.2.3.4", 0, RefreshOutcome.Renewed)]
    [InlineData(10, "1.2.3.4", 0, RefreshOutcome.Reused)]
    [InlineData(5, "6.6.6.6", 0, RefreshOutcome.Reused)]
    [InlineData(null, null, 7, RefreshOutcome.Expired)]
    [InlineData(5, "6.6.6.6", 30, RefreshOutcome.Reused)]
    public void Reuse_is_told_from_a_race_by_time_and_address(int? secondsAgo, string? usedFrom, int days, RefreshOutcome expected)
    {
        DateTimeOffset now = _host?.Time.GetUtcNow() ?? DateTimeOffset.UnixEpoch.AddYears(56);
        var grant = new RefreshGrant("g", "c", Guid.Empty, "", now - TimeSpan.FromDays(days), now - TimeSpan.FromDays(days));
        DateTimeOffset? used = secondsAgo is { } seconds ? now - TimeSpan.FromSeconds(seconds) : null;
        RefreshDecision.Decide(grant, "c", used, usedFrom, "1.2.3.4", now, RefreshRule.Default).ShouldBe(expected);
        RefreshDecision.Decide(grant, "another", used, usedFrom, "1.2.3.4", now, RefreshRule.Default).ShouldBe(RefreshOutcome.Unknown);
    }

    [Fact]
    public async Task A_token_belongs_to_its_client()
    {
        string token = Refresh(await _carrel.SignInAsync(_browser));
        await ShouldBeRefusedAsync(token, client: AzureToolsClient.Id);
        await RefreshedAsync(token);
    }

    [Fact]
    public async Task A_sign_in_ends_after_seven_days_without_use_and_after_thirty_in_any_case()
    {
        string idle = Refresh(await _carrel.SignInAsync(_browser)), used = Refresh(await _carrel.SignInAsync(_browser));
        for (int day = 0; day < 29; day++)
        {
            _host.Time.Advance(TimeSpan.FromDays(1));
            used = Refresh(await RefreshedAsync(used));
            if (day == 6)
                await ShouldBeRefusedAsync(idle, 700082);
        }

        _host.Time.Advance(TimeSpan.FromDays(1));
        await ShouldBeRefusedAsync(used, 700082);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("delete")]
    [InlineData("password")]
    [InlineData("everywhere")]
    [InlineData("logout")]
    [InlineData("replay")]
    public async Task A_sign_in_ends_with(string what)
    {
        (string code, string verifier) = await _carrel.CodeAsync(_browser);
        JsonObject signIn = (await _carrel.RedeemAsync(code, verifier)).Body;
        GraphClient owner = await _host.AsOwnerAsync();
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        string path = $"/v1.0/users/{_ann.ObjectId}";
        (what switch
        {
            "disable" => (await owner.PatchAsync(path, new { accountEnabled = false })).Status,
            "delete" => (await owner.DeleteAsync(path)).Status,
            "password" => (await owner.PatchAsync(path, new { passwordProfile = new { password = "another long one" } })).Status,
            "everywhere" => (await owner.PostAsync(path + "/revokeSignInSessions")).Status,
            "logout" => await _carrel.RevokeAsync(Refresh(signIn)),
            _ => (await _carrel.RedeemAsync(code, verifier)).Status,
        }).ShouldBeOneOf(200, 204, 400);
        if (what == "disable")
            await owner.PatchAsync(path, new { accountEnabled = true });
        await ShouldBeRefusedAsync(Refresh(signIn));
        (await _host.WhoAmIAsync(Access(signIn))).ShouldBe(401);
    }

    [Fact]
    public async Task Signing_out_of_one_browser_leaves_the_command_line_signed_in()
    {
        string token = Refresh(await _carrel.SignInAsync(_browser));
        string form = await _browser.FormTokenAsync("/");
        (await _browser.PostAsync("/signout", new() { ["form_token"] = form })).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await RefreshedAsync(token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Nonsense_is_refused(string token)
    {
        (await _carrel.RefreshAsync(token)).Status.ShouldBe(400);
        (await _carrel.RevokeAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).ShouldBe(200);
    }

    [Fact]
    public async Task A_scope_with_a_mistake_does_not_cost_the_sign_in()
    {
        string token = Refresh(await _carrel.SignInAsync(_browser));
        (await _carrel.RefreshAsync(token, scope: "https://vault.azure.net/.default")).Body["error"]!.ToString().ShouldBe("invalid_scope");
        (await _carrel.RefreshAsync(token, scope: "https://management.azure.com/.default offline_access")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_was_ended_stays_ended_when_the_server_starts_again()
    {
        JsonObject signIn = await _carrel.SignInAsync(_browser);
        await _carrel.RevokeAsync(Refresh(signIn));
        (await _host.Get<IRefreshTokenStore>().ListEndedAsync(_host.Time.GetUtcNow() - TimeSpan.FromHours(1), CancellationToken.None)).Count.ShouldBe(1);
    }
}
