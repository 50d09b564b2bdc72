using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Tests.Support;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tests.Directory;

/// <summary>Applications: service principals, seen a second time.</summary>
public sealed class ApplicationsApiTests : IAsyncLifetime
{
    private AccessHost _host = null!;
    private GraphClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _owner = await _host.AsOwnerAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<int> SignInAsync(string appId, string secret)
    {
        Dictionary<string, string> form = _host.ProgramForm();
        (form["client_id"], form["client_secret"]) = (appId, secret);
        return (await _host.TokenAsync(form)).Status;
    }

    private async Task<string> AddSecretAsync(string path) =>
        (await _owner.PostAsync(path + "/addPassword", new { passwordCredential = new { displayName = "rbac" } })).Body!["secretText"]!.ToString();

    [Fact]
    public async Task An_application_and_its_service_principal_are_one_thing()
    {
        GraphAnswer made = await _owner.PostAsync("/v1.0/applications", new { displayName = "nightly", keyCredentials = Array.Empty<object>(), web = new { redirectUris = Array.Empty<string>() } });
        made.Status.ShouldBe(201);
        string appId = made.Body!["appId"]!.ToString();
        string application = $"/v1.0/applications/{made.Id}", program = $"/v1.0/servicePrincipals/{made.Id}";
        GraphAnswer principal = await _owner.PostAsync("/v1.0/servicePrincipals", new { appId, accountEnabled = true });
        (principal.Status, principal.Id).ShouldBe((201, made.Id));

        string one = await AddSecretAsync(application), two = await AddSecretAsync(program);
        (await SignInAsync(appId, one)).ShouldBe(200);
        (await SignInAsync(appId, two)).ShouldBe(200);
        foreach (string path in new[] { application, program, $"/v1.0/applications/{appId}" })
            (await _owner.GetAsync(path)).Body!["passwordCredentials"]!.AsArray().Count.ShouldBe(2);
        JsonNode first = (await _owner.GetAsync(program)).Body!["passwordCredentials"]!.AsArray().Single(secret => secret!["hint"]!.ToString() == one[..3])!;
        (await _owner.PostAsync(application + "/removePassword", new { keyId = first["keyId"]!.ToString() })).Status.ShouldBe(204);
        (await SignInAsync(appId, one)).ShouldBe(401);
        (await SignInAsync(appId, two)).ShouldBe(200);

        (await _owner.PatchAsync(application, new { displayName = "daily" })).Status.ShouldBe(204);
        (await _owner.GetAsync(program)).Body!["displayName"]!.ToString().ShouldBe("daily");
        (await _owner.DeleteAsync(application)).Status.ShouldBe(204);
        (await _owner.GetAsync(program)).Status.ShouldBe(404);
        (await _owner.DeleteAsync(program)).Status.ShouldBe(404);
        (await SignInAsync(appId, two)).ShouldBe(400);
    }

    [Fact]
    public async Task A_service_principal_is_an_application_too_and_a_managed_identity_is_none()
    {
        GraphAnswer program = await _owner.PostAsync("/v1.0/servicePrincipals", new { displayName = "nightly" });
        var identity = new ServicePrincipal(Guid.NewGuid(), Guid.NewGuid(), "/lab/computes/desk", CallerKind.ManagedIdentity, _host.Time.GetUtcNow());
        await _host.Directory.TryAddServicePrincipalAsync(identity, [], CancellationToken.None);
        (await _owner.GetAsync("/v1.0/applications")).Values("displayName").ShouldBe(["carrel-first-program", "nightly"]);
        (await _owner.GetAsync($"/v1.0/applications/{identity.ObjectId}")).Status.ShouldBe(404);
        (await _owner.PatchAsync($"/v1.0/applications/{identity.ObjectId}", new { displayName = "x" })).Status.ShouldBe(400);
        (await _owner.DeleteAsync($"/v1.0/applications/{identity.ObjectId}")).Status.ShouldBe(400);
        (await _owner.PostAsync("/v1.0/servicePrincipals", new { appId = identity.ClientId })).Message.ShouldContain("managed identity");
        (await _owner.DeleteAsync($"/v1.0/servicePrincipals/{program.Id}")).Status.ShouldBe(204);
        (await _owner.GetAsync($"/v1.0/applications/{program.Id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_az_asks_before_it_makes_one_is_answered()
    {
        string id = (await _owner.PostAsync("/v1.0/applications", new { displayName = "O'Neill's job" })).Id.ToString();
        foreach (string filter in new[] { "startswith(displayName,'O''Neill')", "displayName eq 'O''Neill''s job'" })
            (await _owner.GetAsync($"/v1.0/applications?$filter={Uri.EscapeDataString(filter)}")).Values("id").ShouldBe([id]);
        (await _owner.GetAsync("/v1.0/applications?$filter=identifierUris/any(s:s eq 'api://x')")).Values("id").ShouldBeEmpty();
        (await _owner.GetAsync($"/v1.0/applications/{id}/owners")).Values("id").ShouldBeEmpty();
        (await _owner.GetAsync($"/v1.0/servicePrincipals/{id}/owners")).Values("id").ShouldBeEmpty();
        GraphAnswer unknown = await _owner.PostAsync("/v1.0/servicePrincipals", new { appId = Guid.NewGuid(), accountEnabled = true });
        (unknown.Status, unknown.Code).ShouldBe((400, "Request_BadRequest"));
        unknown.Message.ShouldContain("does not reference a valid application object");
    }

    [Theory]
    [InlineData("displayName eq 'x' or displayName eq 'nightly'")]
    [InlineData("displayName eq 'x') or (1 eq 1")]
    [InlineData("displayName eq 'x'; DROP TABLE service_principals; --'")]
    [InlineData("displayName eq 'x' UNION SELECT hash FROM client_secrets")]
    [InlineData("startswith(displayName,'')) or startswith(displayName,'")]
    [InlineData("passwordCredentials/any(p:p eq 'x')")]
    [InlineData("not displayName eq 'x'")]
    public async Task A_filter_that_says_more_than_it_may_is_refused(string filter)
    {
        await _owner.PostAsync("/v1.0/applications", new { displayName = "nightly" });
        foreach (string list in new[] { "applications", "servicePrincipals" })
            (await _owner.GetAsync($"/v1.0/{list}?$filter={Uri.EscapeDataString(filter)}")).Status.ShouldBe(400, list);
        (await _owner.GetAsync("/v1.0/applications?$filter=displayName eq '%25'")).Values("id").ShouldBeEmpty("a percent sign stands for itself");
        (await _owner.GetAsync("/v1.0/applications")).Values("id").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_does_not_administer_the_directory_gets_nowhere()
    {
        DirectoryUser ann = await _host.AddUserAsync("ann@carrel.local");
        GraphAnswer other = await _owner.PostAsync("/v1.0/applications", new { displayName = "somebody else's" });
        string appId = other.Body!["appId"]!.ToString();
        string secret = await AddSecretAsync($"/v1.0/applications/{other.Id}");
        Dictionary<string, string> form = _host.ProgramForm();
        (form["client_id"], form["client_secret"]) = (appId, secret);
        string ownToken = (await _host.TokenAsync(form)).Body["access_token"]!.ToString();
        string victim = _host.Secrets.ClientId.ToString();

        foreach (GraphClient who in new[] { _host.As(ann), new GraphClient(_host, ownToken) })
        {
            foreach (GraphAnswer refused in new[]
            {
                await who.PostAsync("/v1.0/applications", new { displayName = "mine" }),
                await who.PostAsync("/v1.0/servicePrincipals", new { appId = victim }),
                await who.GetAsync("/v1.0/applications"),
                await who.GetAsync($"/v1.0/applications?$filter=appId eq '{victim}'"),
                await who.GetAsync($"/v1.0/applications/{victim}"),
                await who.GetAsync($"/v1.0/applications/{Guid.NewGuid()}"),
                await who.GetAsync($"/v1.0/applications/{victim}/owners"),
                await who.PatchAsync($"/v1.0/applications/{victim}", new { displayName = "mine" }),
                await who.PostAsync($"/v1.0/applications/{victim}/addPassword", new { passwordCredential = new { displayName = "back door" } }),
                await who.PostAsync($"/v1.0/applications/{victim}/removePassword", new { keyId = Guid.NewGuid() }),
                await who.DeleteAsync($"/v1.0/applications/{victim}"),
                await who.PostAsync($"/v1.0/servicePrincipals/{victim}/getMemberGroups", new { securityEnabledOnly = false }),
                await who.PostAsync($"/v1.0/servicePrincipals/{victim}/checkMemberGroups", new { groupIds = Array.Empty<Guid>() }),
            })
                (refused.Status, refused.Code).ShouldBe((403, "Authorization_RequestDenied"), refused.Body?.ToJsonString());
        }

        // A program reads itself, and cannot even prolong itself.
        var self = new GraphClient(_host, ownToken);
        (await self.GetAsync($"/v1.0/applications/{appId}")).Status.ShouldBe(200);
        (await self.PostAsync($"/v1.0/applications/{appId}/addPassword", new { })).Status.ShouldBe(403);
        (await new GraphClient(_host, null).GetAsync("/v1.0/applications")).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("identifierUris", "[\"api://x\"]")]
    [InlineData("keyCredentials", "[{\"key\":\"AAAA\"}]")]
    [InlineData("passwordCredentials", "[{\"displayName\":\"x\"}]")]
    [InlineData("web", "{\"redirectUris\":[\"https://evil.example/\"]}")]
    [InlineData("isFallbackPublicClient", "true")]
    [InlineData("signInAudience", "\"AzureADMultipleOrgs\"")]
    [InlineData("signInAudience", "true")]
    [InlineData("signInAudience", "{}")]
    [InlineData("appId", "\"11111111-1111-1111-1111-111111111111\"")]
    public async Task What_cannot_be_kept_is_refused_by_name(string member, string value)
    {
        var body = new JsonObject { ["displayName"] = "nightly", [member] = JsonNode.Parse(value) };
        GraphAnswer refused = await _owner.PostAsync("/v1.0/applications", body);
        refused.Status.ShouldBe(400);
        refused.Message.ShouldContain($"'{member}'");
        string id = (await _owner.PostAsync("/v1.0/applications", new { displayName = "nightly", signInAudience = "AzureADMyOrg" })).Id.ToString();
        (await _owner.PatchAsync($"/v1.0/applications/{id}", body)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_secret_begins_now_and_not_later()
    {
        string id = (await _owner.PostAsync("/v1.0/applications", new { displayName = "nightly" })).Id.ToString();
        (await _owner.PostAsync($"/v1.0/applications/{id}/addPassword", new { passwordCredential = new { startDateTime = "2026-11-20T12:00:00Z" } })).Status.ShouldBe(200);
        (await _owner.PostAsync($"/v1.0/applications/{id}/addPassword", new { passwordCredential = new { startDateTime = "2026-11-21T12:00:00Z" } })).Message.ShouldContain("startDateTime");
    }

    [Fact]
    public async Task Groups_of_a_principal_are_told_by_their_ids()
    {
        DirectoryUser ann = await _host.AddUserAsync("ann@carrel.local");
        Guid inner = (await _owner.PostAsync("/v1.0/groups", new { displayName = "inner" })).Id, outer = (await _owner.PostAsync("/v1.0/groups", new { displayName = "outer" })).Id;
        await _owner.AddMemberAsync(inner, ann.ObjectId);
        await _owner.AddMemberAsync(outer, inner);
        foreach (GraphClient who in new[] { _owner, _host.As(ann) })
        {
            GraphAnswer groups = await who.PostAsync("/v1.0/users/ann@carrel.local/getMemberGroups", new { securityEnabledOnly = false });
            groups.Body!["value"]!.AsArray().Select(id => Guid.Parse(id!.ToString())).Order().ShouldBe(new[] { inner, outer }.Order());
        }

        foreach (string address in new[] { "users/ann@carrel.local", $"users/{ann.ObjectId}", $"directoryObjects/{ann.ObjectId}", $"groups/{inner}" })
            (await _owner.PostAsync($"/v1.0/{address}/checkMemberGroups", new { groupIds = new[] { outer, Guid.NewGuid() } })).Body!["value"]!.AsArray().Single()!.ToString().ShouldBe(outer.ToString(), address);
        (await _host.As(ann).PostAsync($"/v1.0/users/{ann.ObjectId}/checkMemberGroups", new { groupIds = new[] { inner } })).Status.ShouldBe(200);
        (await _host.As(ann).PostAsync($"/v1.0/groups/{inner}/checkMemberGroups", new { groupIds = new[] { outer } })).Status.ShouldBe(403);
        Guid program = (await _owner.PostAsync("/v1.0/servicePrincipals", new { displayName = "nightly" })).Id;
        (await _owner.PostAsync($"/v1.0/servicePrincipals/{program}/checkMemberGroups", new { groupIds = new[] { outer } })).Body!["value"]!.AsArray().ShouldBeEmpty();
        (await _owner.PostAsync($"/v1.0/groups/{inner}/getMemberGroups", new { })).Body!["value"]!.AsArray().Count.ShouldBe(1);
        (await _owner.PostAsync($"/v1.0/directoryObjects/{ann.ObjectId}/getMemberGroups", new { })).Body!["value"]!.AsArray().Count.ShouldBe(2);
        (await _host.As(ann).PostAsync($"/v1.0/groups/{inner}/getMemberGroups", new { })).Status.ShouldBe(403);
        (await _host.As(ann).GetAsync("/v1.0/me/ownedObjects")).Values("id").ShouldBeEmpty();
    }
}
