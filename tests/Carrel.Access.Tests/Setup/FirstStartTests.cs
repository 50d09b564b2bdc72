using Carrel.Access.Directory;
using Carrel.Access.Setup;
using Carrel.Access.Tests.Support;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tests.Setup;

public sealed class FirstStartTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private AccessHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AccessHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Task<FirstStartResult> StartAgainAsync() => _host.Get<FirstStart>().RunAsync(AccessHost.SetupOptions(), None);

    private async Task<bool> WorksAsync(FirstSecrets secrets)
    {
        bool password = await _host.Get<PasswordSignIn>().SignInAsync(secrets.AdministratorName, secrets.AdministratorPassword, None) is not null;
        bool secret = ClientSecrets.Match(secrets.ClientSecret, await _host.Directory.ListClientSecretsAsync(secrets.ClientId, None), _host.Time.GetUtcNow());
        password.ShouldBe(secret);
        return secret;
    }

    [Fact]
    public async Task The_first_start_makes_administrator_and_program_both_Owners_of_the_subscription()
    {
        (await WorksAsync(_host.Secrets)).ShouldBeTrue();
        _host.Secrets.AdministratorName.ShouldBe("admin@carrel.local");
        Guid program = (await _host.Directory.FindServicePrincipalAsync(_host.Secrets.ClientId, None))!.ObjectId;
        foreach (Guid id in (Guid[])[_host.First.AdministratorId, program])
        {
            var caller = new Caller(_host.Tenant, id, null, "x", CallerKind.User);
            (await _host.Get<IArmAuthorizer>().AuthorizeAsync(
                caller, "Microsoft.Authorization/roleAssignments/write", $"/subscriptions/{AccessHost.Subscription}", None)).Allowed.ShouldBeTrue();
        }

        _host.First.Environment.ShouldContain(new KeyValuePair<string, string>("CARREL_CLIENT_SECRET", _host.Secrets.ClientSecret));
        _host.First.Environment.ShouldContain(new KeyValuePair<string, string>("CARREL_WORKSPACE", "lab"));
    }

    [Fact]
    public async Task Until_delivery_is_confirmed_every_start_replaces_the_secrets_and_keeps_the_identities()
    {
        FirstStartResult second = await StartAgainAsync();
        second.Tenant.Id.ShouldBe(_host.Tenant);
        second.ClientId.ShouldBe(_host.First.ClientId);
        (await WorksAsync(second.Secrets!)).ShouldBeTrue();
        (await WorksAsync(_host.Secrets)).ShouldBeFalse();
    }

    [Fact]
    public async Task After_delivery_nothing_changes_any_more_and_no_secret_is_told()
    {
        await _host.Get<FirstStart>().ConfirmDeliveryAsync(None);
        FirstStartResult later = await StartAgainAsync();
        later.Secrets.ShouldBeNull();
        later.Environment.Select(variable => variable.Key).ShouldNotContain("CARREL_CLIENT_SECRET");
        (await WorksAsync(_host.Secrets)).ShouldBeTrue();
    }

    [Fact]
    public void Secrets_do_not_print_themselves()
    {
        string text = _host.Secrets.ToString() + _host.First;
        text.ShouldNotContain(_host.Secrets.ClientSecret);
        text.ShouldNotContain(_host.Secrets.AdministratorPassword);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("admin@elsewhere.org")]
    public async Task A_name_that_cannot_be_used_is_refused(string name)
    {
        FirstStartOptions options = AccessHost.SetupOptions() with { AdministratorName = name };
        (await Should.ThrowAsync<ArgumentException>(() => _host.Get<FirstStart>().RunAsync(options, None))).Message.ShouldContain("administrator");
    }
}
