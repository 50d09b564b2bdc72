using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Sessions;

/// <summary>A real instance of Ann, who is a Data Scientist of the workspace and nothing else.</summary>
public sealed class AnnsDesk : IAsyncLifetime
{
    private const string DataScientist = "f6c7c914-8db3-469d-8ca1-694a8f32e121";
    private const string Password = "a-Quite-long-passphrase-7";

    private RunningCarrel? _carrel;
    private ArmClient? _arm;

    /// <summary>The instance's name.</summary>
    public const string Name = "ann-desk";

    /// <summary>Her sign-in name.</summary>
    public const string Ann = "ann@carrel.local";

    /// <summary>The server.</summary>
    public RunningCarrel Carrel => _carrel!;

    /// <summary>Her object id.</summary>
    public string AnnsId { get; private set; } = "";

    /// <summary>The machine's container.</summary>
    public string Machine { get; private set; } = "";

    /// <summary>Origin of the instance's applications.</summary>
    public Uri Origin => new($"https://{Name}.{Carrel.Client["CARREL_LOCATION"]}.instances.localhost:{new Uri(Carrel.Url).Port}");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _carrel = await RunningCarrel.StartAsync();
        _arm = await ArmClient.SignInAsync(_carrel);
        using HttpResponseMessage made = await _arm.Http.PostAsJsonAsync("/v1.0/users", new { displayName = "Ann", userPrincipalName = Ann, passwordProfile = new { password = Password } });
        AnnsId = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        ArmAnswer role = await _arm.SendAsync(HttpMethod.Put, $"{_carrel.Workspace}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}", new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] = $"/subscriptions/{_carrel.Client["CARREL_SUBSCRIPTION"]}/providers/Microsoft.Authorization/roleDefinitions/{DataScientist}",
                ["principalId"] = AnnsId,
            },
        }.ToJsonString());
        role.Status.ShouldBe(HttpStatusCode.Created, role.Body?.ToJsonString());
        JsonObject body = JsonNode.Parse(ArmClient.InstanceBody("STANDARD_DS1_V2"))!.AsObject();
        body["properties"]!["properties"]!["personalComputeInstanceSettings"] = new JsonObject
        {
            ["assignedUser"] = new JsonObject { ["objectId"] = AnnsId, ["tenantId"] = _carrel.Client["CARREL_TENANT"] },
        };
        await _arm.WaitAsync(await _arm.SendAsync(HttpMethod.Put, $"{_carrel.Workspace}/computes/{Name}", body.ToJsonString()));
        Machine = (await DockerObjects.OfAsync(_carrel.Installation)).Containers.Single();
    }

    /// <summary>A browser in which Ann has come into her instance; the only place where she is signed in.</summary>
    public async Task<Browser> SignInAsync()
    {
        (await _arm!.Http.PostAsync($"/v1.0/users/{AnnsId}/revokeSignInSessions", null)).IsSuccessStatusCode.ShouldBeTrue();
        var browser = new Browser(Carrel);
        (await browser.SignInAsync(await browser.OpenAsync(new Uri(Origin, "/lab").ToString()), Ann, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        browser.Location.ShouldBe(new Uri(Origin, "/lab"));
        return browser;
    }

    /// <summary>Ann signs out on the home page.</summary>
    public async Task SignOutAsync(Browser browser) =>
        (await browser.SubmitAsync(await browser.OpenAsync(Carrel.Url))).StatusCode.ShouldBe(HttpStatusCode.OK);

    /// <summary>The administrator disables Ann, or lets her in again.</summary>
    public async Task EnableAsync(bool enabled) =>
        (await _arm!.Http.PatchAsJsonAsync($"/v1.0/users/{AnnsId}", new { accountEnabled = enabled })).IsSuccessStatusCode.ShouldBeTrue();

    /// <summary>Runs a command line in the machine as its terminals do: in a login shell.</summary>
    /// <param name="command">What is typed.</param>
    /// <param name="user">User, with group if need be.</param>
    public Task<(int Code, string Output)> TypeAsync(string command, string user = "azureuser") =>
        DockerObjects.RunAsync("exec", "-u", user, Machine, "bash", "-lc", command);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _arm?.Dispose();
        if (_carrel is not null)
            await _carrel.DisposeAsync();
    }
}
