using System.Net;

namespace Carrel.Attack.Machines;

/// <summary>The two places where a machine gets tokens of its identities, asked by somebody else. Bob's machine has an identity, Ann's has none.</summary>
public sealed class TokenServiceTests(Target target) : IAsyncLifetime
{
    private const string Resource = "resource=https://management.azure.com";
    private const string Metadata = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&" + Resource;
    private const string Endpoint = "http://127.0.0.1:46808/MSI/auth?api-version=2017-09-01&" + Resource;

    private string _bobs = "";
    private string _anns = "";

    public async ValueTask InitializeAsync()
    {
        _bobs = await target.ContainerAsync("bob-desk");
        _anns = await target.ContainerAsync("ann-desk");
        ((int)(await target.Administrator.SendAsync(HttpMethod.Patch, target.BobsDesk, "{\"identity\":{\"type\":\"SystemAssigned\"}}")).Status).ShouldBe(200);
        // The variables come a moment after the tokens.
        for (int tries = 0; tries < 100 && await DockerObjects.ExecuteAsync(_bobs, ". /etc/profile.d/carrel.sh; echo $MSI_SECRET") == ""; tries++)
            await Task.Delay(200);
        (await StatusAsync(_bobs, $"-H 'Metadata: true' '{Metadata}'")).ShouldBe("200", "the machine itself gets a token");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(DisplayName = "A68 The metadata service, asked by a page or through a proxy")]
    public async Task The_metadata_service_by_a_page()
    {
        foreach (string headers in (string[])["", "-H 'Metadata: True'", "-H 'Metadata: true' -H 'X-Forwarded-For: 127.0.0.1'", "-H 'Metadata: true, true'", "-H 'X-Metadata: true'"])
            (await StatusAsync(_bobs, $"{headers} '{Metadata}'")).ShouldBe("400", headers);
    }

    [Fact(DisplayName = "A69 The metadata service, asked by a neighbour and from the host, also in another's name")]
    public async Task The_metadata_service_by_a_neighbour()
    {
        string bobs = await DockerObjects.ExecuteAsync(_bobs, "hostname -I | cut -d' ' -f1");
        foreach (string headers in (string[])["", $"-H 'X-Real-IP: {bobs}'", $"-H 'Forwarded: for={bobs}'", $"-H 'Host: {bobs}'"])
            (await StatusAsync(_anns, $"-H 'Metadata: true' {headers} '{Metadata}'")).ShouldBe("400", headers);
    }

    [Fact(DisplayName = "A70 The MSI endpoint without its secret, with a neighbour's, and under another name (DNS rebinding)")]
    public async Task The_endpoint_without_its_secret()
    {
        string secret = await DockerObjects.ExecuteAsync(_bobs, ". /etc/profile.d/carrel.sh; echo $MSI_SECRET");
        secret.Length.ShouldBeGreaterThan(20);
        (await StatusAsync(_bobs, $"'{Endpoint}'")).ShouldBe("401");
        (await StatusAsync(_bobs, $"-H 'Secret: {secret[..^1]}' '{Endpoint}'")).ShouldBe("401");
        (await StatusAsync(_bobs, $"-H 'Secret: {secret}' -H 'Host: evil.example' '{Endpoint}'")).ShouldNotBe("200");
        (await StatusAsync(_anns, $"-H 'Secret: {secret}' '{Endpoint}'")).ShouldNotBe("200");
        (await StatusAsync(_bobs, $"-H 'Secret: {secret}' '{Endpoint}'")).ShouldBe("200");
    }

    [Fact(DisplayName = "A71 The MSI endpoint and the metadata service through the gateway, by a page at the instance's own origin")]
    public async Task The_endpoint_through_the_gateway()
    {
        string secret = await DockerObjects.ExecuteAsync(_bobs, ". /etc/profile.d/carrel.sh; echo $MSI_SECRET");
        using HttpClient http = target.Carrel.CreateClient(await target.Bob.TokenAsync());
        http.DefaultRequestHeaders.Add("Secret", secret);
        http.DefaultRequestHeaders.Add("Metadata", "true");
        foreach (string path in (string[])[$"/MSI/auth?api-version=2017-09-01&{Resource}", $"/metadata/identity/oauth2/token?api-version=2018-02-01&{Resource}", $"/proxy/46808/MSI/auth?api-version=2017-09-01&{Resource}"])
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(target.Origin("bob-desk"), path));
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact(DisplayName = "A72 A token of another's identity, named by its id")]
    public async Task A_token_of_anothers_identity()
    {
        string client = await DockerObjects.ExecuteAsync(_bobs, ". /etc/profile.d/carrel.sh; echo $DEFAULT_IDENTITY_CLIENT_ID");
        Guid.TryParse(client, out Guid _).ShouldBeTrue();
        (await StatusAsync(_anns, $"-H 'Metadata: true' '{Metadata}&client_id={client}'")).ShouldBe("400");
        (await StatusAsync(_bobs, $"-H 'Metadata: true' '{Metadata}&client_id={Guid.NewGuid()}'")).ShouldBe("400");
        (await StatusAsync(_bobs, $"-H 'Metadata: true' '{Metadata}&mi_res_id={Uri.EscapeDataString(target.AnnsDesk)}'")).ShouldBe("400");
    }

    private static Task<string> StatusAsync(string container, string arguments) =>
        DockerObjects.ExecuteAsync(container, $"curl -s -m 10 -o /dev/null -w '%{{http_code}}' {arguments} || true");
}
