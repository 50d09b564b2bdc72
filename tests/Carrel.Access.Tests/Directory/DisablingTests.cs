using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Access.SignIn;
using Carrel.Access.Tests.Support;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;
using Carrel.Store;
using Dapper;

namespace Carrel.Access.Tests.Directory;

/// <summary>What ends, and when, once a person is disabled, removed, signed out or has another password.</summary>
public sealed class DisablingTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private static readonly CancellationToken None = CancellationToken.None;
    private AccessHost _host = null!;
    private GraphClient _owner = null!;
    private DirectoryUser _ann = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _owner = await _host.AsOwnerAsync();
        _ann = await _host.AddUserAsync("ann@carrel.local", Password);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<(string Token, Browser Browser)> EverywhereAsync()
    {
        var browser = new Browser(_host);
        ((int)(await browser.SignInAsync(_ann.UserName, Password)).StatusCode).ShouldBe(303);
        string token = _host.TokenOf(_ann);
        (await _host.WhoAmIAsync(token)).ShouldBe(200);
        ((int)(await browser.GetAsync("/")).StatusCode).ShouldBe(200);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        return (token, browser);
    }

    private async Task ShouldHaveEndedAsync(string token, Browser browser)
    {
        (await _host.WhoAmIAsync(token)).ShouldBe(401);
        ((int)(await browser.GetAsync("/")).StatusCode).ShouldBe(303);
    }

    [Fact]
    public async Task Disabling_ends_tokens_and_sessions_at_the_next_call_and_enabling_brings_none_of_them_back()
    {
        (string token, Browser browser) = await EverywhereAsync();
        (await _owner.PatchAsync("/v1.0/users/ann@carrel.local", new { accountEnabled = false })).Status.ShouldBe(204);
        await ShouldHaveEndedAsync(token, browser);
        (await _owner.GetAsync($"/v1.0/users/{_ann.ObjectId}")).Body!["accountEnabled"]!.GetValue<bool>().ShouldBeFalse();
        (await _host.Get<IPrincipalDirectory>().FindTypeAsync(_ann.ObjectId, None)).ShouldBe(PrincipalType.User, "roles keep knowing who it is");
        ((int)(await new Browser(_host).SignInAsync(_ann.UserName, Password)).StatusCode).ShouldBe(401);

        (await _owner.PatchAsync("/v1.0/users/ann@carrel.local", new { accountEnabled = true })).Status.ShouldBe(204);
        await ShouldHaveEndedAsync(token, browser);
        ((int)(await new Browser(_host).SignInAsync(_ann.UserName, Password)).StatusCode).ShouldBe(303);
        (await _host.WhoAmIAsync(_host.TokenOf(_ann))).ShouldBe(200);
    }

    [Fact]
    public async Task A_disabled_person_is_told_nothing_that_a_stranger_is_not()
    {
        await _owner.PatchAsync("/v1.0/users/ann@carrel.local", new { accountEnabled = false });
        string disabled = await (await new Browser(_host).SignInAsync(_ann.UserName, Password)).Content.ReadAsStringAsync();
        disabled.ShouldContain(PasswordSignIn.Refusal);
        disabled.ShouldNotContain("disabled");
    }

    [Fact]
    public async Task Removing_ends_tokens_and_sessions()
    {
        (string token, Browser browser) = await EverywhereAsync();
        (await _owner.DeleteAsync($"/v1.0/users/{_ann.ObjectId}")).Status.ShouldBe(204);
        await ShouldHaveEndedAsync(token, browser);
        (await _owner.GetAsync($"/v1.0/users/{_ann.ObjectId}")).Status.ShouldBe(404);
        (await _host.Get<IPrincipalDirectory>().FindTypeAsync(_ann.ObjectId, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_new_password_ends_what_the_old_one_opened()
    {
        (string token, Browser browser) = await EverywhereAsync();
        (await _owner.PatchAsync("/v1.0/users/ann@carrel.local", new { passwordProfile = new { password = "another long one" } })).Status.ShouldBe(204);
        await ShouldHaveEndedAsync(token, browser);
        ((int)(await new Browser(_host).SignInAsync(_ann.UserName, Password)).StatusCode).ShouldBe(401);
        ((int)(await new Browser(_host).SignInAsync(_ann.UserName, "another long one")).StatusCode).ShouldBe(303);
    }

    [Fact]
    public async Task Everybody_ends_the_own_sign_ins_and_changes_the_own_password()
    {
        (string token, Browser browser) = await EverywhereAsync();
        (await new GraphClient(_host, token).PostAsync("/v1.0/me/revokeSignInSessions")).Status.ShouldBe(200);
        await ShouldHaveEndedAsync(token, browser);

        (token, browser) = await EverywhereAsync();
        var me = new GraphClient(_host, token);
        (await me.PostAsync("/v1.0/me/changePassword", new { currentPassword = "wrong", newPassword = "another long one" })).Message.ShouldContain("not right");
        (await me.PostAsync("/v1.0/me/changePassword", new { currentPassword = Password, newPassword = "short" })).Message.ShouldContain("8 to 256");
        (await me.PostAsync("/v1.0/me/changePassword", new { currentPassword = Password, newPassword = Password })).Message.ShouldContain("another one");
        (await me.PostAsync("/v1.0/me/changePassword", new { currentPassword = Password, newPassword = "another long one" })).Status.ShouldBe(204);
        await ShouldHaveEndedAsync(token, browser);
        ((int)(await new Browser(_host).SignInAsync(_ann.UserName, "another long one")).StatusCode).ShouldBe(303);
    }

    [Fact]
    public async Task A_stolen_token_does_not_guess_the_password_without_end()
    {
        GraphClient me = _host.As(_ann);
        for (int i = 0; i < 5; i++)
            await me.PostAsync("/v1.0/me/changePassword", new { currentPassword = $"guess {i}", newPassword = "another long one" });
        (await me.PostAsync("/v1.0/me/changePassword", new { currentPassword = Password, newPassword = "another long one" })).Status.ShouldBe(400);
    }

    [Fact(DisplayName = "9.T10 A token of an identity whose instance is gone is refused at the next call")]
    public async Task An_identity_that_the_engine_has_removed_speaks_no_more()
    {
        var identity = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "/lab/computes/desk", CallerKind.ManagedIdentity, _host.Time.GetUtcNow());
        await _host.Directory.TryAddServicePrincipalAsync(identity, [], None);
        string token = _host.Get<TokenIssuer>().Issue(new TokenRequest(
            identity.ObjectId, CallerKind.ManagedIdentity, AccessHost.Origin, identity.ClientId.ToString(), ResourceId: "/subscriptions/s/computes/desk")).Value;
        (await _host.WhoAmIAsync(token)).ShouldBe(200);

        // The engine removes it in a transaction of its own, of which the directory hears nothing.
        await _host.Get<IDatabase>().WriteAsync(
            (connection, transaction) => connection.Execute("DELETE FROM service_principals WHERE object_id = @id", new { id = identity.ObjectId.ToString() }, transaction), None);
        (await _host.WhoAmIAsync(token)).ShouldBe(401);
    }

    [Fact]
    public async Task A_session_that_was_begun_while_its_person_was_disabled_opens_nothing()
    {
        await _owner.PatchAsync("/v1.0/users/ann@carrel.local", new { accountEnabled = false });
        string token = await _host.Get<Sessions>().BeginStudioAsync(_ann.ObjectId, None);
        (await _host.Get<Sessions>().FindAsync(token, SessionKind.Studio, null, None)).ShouldBeNull();
    }
}
