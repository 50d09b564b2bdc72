using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Carrel.Access.Tests.Support;
using Carrel.Access.Tokens;

namespace Carrel.Access.Tests.Authority;

public sealed class DiscoveryTests : IAsyncLifetime
{
    private AccessHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AccessHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<JsonNode> GetAsync(string path) => (await _host.Http.GetFromJsonAsync<JsonNode>(path))!;

    [Theory]
    [InlineData("common")]
    [InlineData("carrel.local")]
    [InlineData(null)]
    public async Task The_discovery_document_leads_to_this_origin(string? tenant)
    {
        JsonNode document = await GetAsync($"/{tenant ?? _host.Tenant.ToString()}/v2.0/.well-known/openid-configuration");
        foreach (string member in (string[])["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
            document[member]!.GetValue<string>().ShouldStartWith($"{AccessHost.Origin}/{_host.Tenant}/");
    }

    [Fact]
    public async Task An_unknown_tenant_has_no_document()
    {
        using HttpResponseMessage response = await _host.Http.GetAsync("/contoso.com/v2.0/.well-known/openid-configuration");
        ((int)response.StatusCode).ShouldBe(400);
        (await response.Content.ReadAsStringAsync()).ShouldContain("AADSTS90002");
    }

    [Fact]
    public async Task The_published_keys_are_public_only()
    {
        JsonArray keys = (await GetAsync($"/{_host.Tenant}/discovery/v2.0/keys"))["keys"]!.AsArray();
        JsonObject key = keys.ShouldHaveSingleItem()!.AsObject();
        key["kid"]!.GetValue<string>().ShouldBe(_host.Get<SigningKeys>().Current.Id);
        key["alg"]!.GetValue<string>().ShouldBe("RS256");
        foreach (string secret in (string[])["d", "p", "q", "dp", "dq", "qi", "k"])
            key.ContainsKey(secret).ShouldBeFalse();
    }

    [Fact]
    public async Task Instance_discovery_names_this_host()
    {
        JsonNode document = await GetAsync("/common/discovery/instance?api-version=1.1&authorization_endpoint=x");
        document["tenant_discovery_endpoint"]!.GetValue<string>().ShouldStartWith(AccessHost.Origin);
        document["metadata"]![0]!["preferred_network"]!.GetValue<string>().ShouldBe("localhost:8443");
    }

    [Fact]
    public async Task The_metadata_document_is_a_list_for_python_and_an_object_for_az()
    {
        JsonNode cloud = (await GetAsync("/metadata/endpoints?api-version=2019-05-01")).AsArray().ShouldHaveSingleItem()!;
        JsonNode same = await GetAsync("/metadata/endpoints?api-version=2022-09-01");
        JsonNode.DeepEquals(cloud, same).ShouldBeTrue();
        cloud["resourceManager"]!.GetValue<string>().ShouldBe(AccessHost.Origin);
        cloud["portal"]!.GetValue<string>().ShouldBe("https://studio.carrel.localhost:8443");
        cloud["authentication"]!["loginEndpoint"]!.GetValue<string>().ShouldBe(AccessHost.Origin);
        cloud["suffixes"]!["storage"]!.GetValue<string>().ShouldBe("carrel.localhost:8443");
        foreach (string member in (string[])["name", "graph", "graphAudience", "microsoftGraphResourceId", "gallery", "media", "batch",
            "sqlManagement", "activeDirectoryDataLake", "vmImageAliasDoc", "logAnalyticsResourceId"])
            cloud[member].ShouldNotBeNull(member);
    }
}
