using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Tests.Support;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tests.Directory;

public sealed class ProgramsApiTests : IAsyncLifetime
{
    private AccessHost _host = null!;
    private GraphClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _owner = await _host.AsOwnerAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<(int Status, string? Token, string? Error)> SignInAsync(string clientId, string secret)
    {
        Dictionary<string, string> form = _host.ProgramForm();
        (form["client_id"], form["client_secret"]) = (clientId, secret);
        (int status, JsonObject body) = await _host.TokenAsync(form);
        return (status, body["access_token"]?.GetValue<string>(), body["error_description"]?.GetValue<string>());
    }

    private Task<GraphAnswer> AddSecretAsync(string id, string name, string? end = null) =>
        _owner.PostAsync($"/v1.0/servicePrincipals/{id}/addPassword", new { passwordCredential = new { displayName = name, endDateTime = end } });

    [Fact]
    public async Task A_program_has_several_secrets_and_each_is_shown_once()
    {
        GraphAnswer made = await _owner.PostAsync("/v1.0/servicePrincipals", new { displayName = "nightly" });
        made.Status.ShouldBe(201);
        string id = made.Body!["id"]!.ToString(), appId = made.Body["appId"]!.ToString();
        GraphAnswer first = await AddSecretAsync(id, "laptop"), second = await AddSecretAsync(appId, "pipeline", "2027-01-01T00:00:00Z");
        string one = first.Body!["secretText"]!.ToString(), two = second.Body!["secretText"]!.ToString();
        second.Body["endDateTime"]!.ToString().ShouldBe("2027-01-01T00:00:00Z");
        (await SignInAsync(appId, one)).Status.ShouldBe(200);
        (await SignInAsync(appId, two)).Status.ShouldBe(200);

        GraphAnswer shown = await _owner.GetAsync($"/v1.0/servicePrincipals/{id}");
        shown.Body!["passwordCredentials"]!.AsArray().Select(secret => secret!["displayName"]!.ToString()).Order().ShouldBe(["laptop", "pipeline"]);
        shown.Body!["passwordCredentials"]!.AsArray().Select(secret => secret!["hint"]!.ToString()).ShouldContain(one[..3]);
        shown.Body.ToJsonString().ShouldNotContain(one);

        (await _owner.PostAsync($"/v1.0/servicePrincipals/{id}/removePassword", new { keyId = first.Body["keyId"]!.ToString() })).Status.ShouldBe(204);
        (await SignInAsync(appId, one)).Error.ShouldStartWith("AADSTS7000215");
        (await SignInAsync(appId, two)).Status.ShouldBe(200);
        _host.Time.Advance(TimeSpan.FromDays(60));
        (await SignInAsync(appId, two)).Error.ShouldStartWith("AADSTS7000222");
    }

    [Theory]
    [InlineData("2028-11-23T12:00:00Z")]
    [InlineData("2026-11-20T11:59:59Z")]
    [InlineData("yesterday")]
    public async Task A_secret_lives_at_most_two_years(string end)
    {
        string id = (await _owner.PostAsync("/v1.0/servicePrincipals", new { displayName = "nightly" })).Id.ToString();
        GraphAnswer refused = await AddSecretAsync(id, "x", end);
        (refused.Status, refused.Code).ShouldBe((400, "Request_BadRequest"));
        (await AddSecretAsync(id, "x", "2028-11-19T12:00:00Z")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_program_has_at_most_twenty_secrets()
    {
        string id = (await _owner.PostAsync("/v1.0/servicePrincipals", new { displayName = "nightly" })).Id.ToString();
        for (int i = 0; i < 20; i++)
            (await AddSecretAsync(id, $"{i}")).Status.ShouldBe(200);
        (await AddSecretAsync(id, "one more")).Message.ShouldContain("at most 20");
    }

    [Fact]
    public async Task A_disabled_program_gets_no_token_and_its_old_ones_are_refused()
    {
        GraphAnswer made = await _owner.PostAsync("/v1.0/servicePrincipals", new { displayName = "nightly" });
        string secret = (await AddSecretAsync(made.Id.ToString(), "x")).Body!["secretText"]!.ToString(), appId = made.Body!["appId"]!.ToString();
        string token = (await SignInAsync(appId, secret)).Token!;
        (await _host.WhoAmIAsync(token)).ShouldBe(200);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        (await _owner.PatchAsync($"/v1.0/servicePrincipals/{made.Id}", new { accountEnabled = false })).Status.ShouldBe(204);
        (await _host.WhoAmIAsync(token)).ShouldBe(401);
        (await SignInAsync(appId, secret)).Error.ShouldStartWith("AADSTS7000112");
        (await SignInAsync(appId, "wrong")).Error.ShouldStartWith("AADSTS7000215", customMessage: "who has no secret does not learn that it is disabled");
        (await _owner.PatchAsync($"/v1.0/servicePrincipals/{made.Id}", new { accountEnabled = true })).Status.ShouldBe(204);
        (await _host.WhoAmIAsync(token)).ShouldBe(401);
        (await _host.WhoAmIAsync((await SignInAsync(appId, secret)).Token!)).ShouldBe(200);
        (await _owner.DeleteAsync($"/v1.0/servicePrincipals/{made.Id}")).Status.ShouldBe(204);
        (await SignInAsync(appId, secret)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Managed_identities_are_listed_and_belong_to_their_resources()
    {
        var identity = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "/lab/computes/desk", CallerKind.ManagedIdentity, _host.Time.GetUtcNow());
        await _host.Directory.TryAddServicePrincipalAsync(identity, [], CancellationToken.None);
        GraphAnswer list = await _owner.GetAsync("/v1.0/servicePrincipals?$filter=displayName eq '/lab/computes/desk'");
        list.Values("servicePrincipalType").ShouldBe(["ManagedIdentity"]);
        foreach (GraphAnswer refused in new[]
        {
            await _owner.DeleteAsync($"/v1.0/servicePrincipals/{identity.ObjectId}"), await AddSecretAsync(identity.ObjectId.ToString(), "x"),
            await _owner.PatchAsync($"/v1.0/servicePrincipals/{identity.ObjectId}", new { accountEnabled = false }),
        })
        {
            refused.Status.ShouldBe(400);
            refused.Message.ShouldContain("managed identity");
        }
    }

    [Fact]
    public async Task A_program_is_found_by_the_filter_that_az_sends()
    {
        string appId = _host.Secrets.ClientId.ToString();
        GraphAnswer found = await _owner.GetAsync($"/v1.0/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '{appId}')");
        found.Values("appId").ShouldBe([appId]);
        (await _owner.GetAsync("/v1.0/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq 'x')")).Values("appId").ShouldBeEmpty();
        (await _owner.GetAsync("/v1.0/servicePrincipals?$filter=frob eq 'x'")).Status.ShouldBe(400);
        (await _owner.GetAsync("/v1.0/servicePrincipals?$filter=displayName ne 'x'")).Status.ShouldBe(400);
    }
}
