using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Carrel.Attack.Support.Target))]

namespace Carrel.Attack.Support;

/// <summary>
/// What is attacked: the real server program with two people who may use compute instances (Ann and Bob, Data Scientists of the workspace)
/// and a real machine of each. Tests run one after the other and put back what they change.
/// </summary>
public sealed class Target : IAsyncLifetime
{
    private const string DataScientist = "f6c7c914-8db3-469d-8ca1-694a8f32e121";

    private RunningCarrel? _carrel;
    private ArmClient? _administrator;
    private Person? _ann;
    private Person? _bob;

    /// <summary>The server.</summary>
    public RunningCarrel Carrel => _carrel!;

    /// <summary>Calls of the subscription's owner.</summary>
    public ArmClient Administrator => _administrator!;

    /// <summary>Whose things the attacks are after.</summary>
    public Person Ann => _ann!;

    /// <summary>The attacker, when it is somebody of the house.</summary>
    public Person Bob => _bob!;

    /// <summary>Address of Ann's and Bob's instances.</summary>
    public string AnnsDesk => Carrel.Workspace + "/computes/ann-desk";

    /// <summary>See <see cref="AnnsDesk"/>.</summary>
    public string BobsDesk => Carrel.Workspace + "/computes/bob-desk";

    /// <summary>The tenant.</summary>
    public string Tenant => Carrel.Client["CARREL_TENANT"];

    /// <summary>Origin of an instance's applications.</summary>
    public Uri Origin(string name) => new($"https://{name}.{Carrel.Client["CARREL_LOCATION"]}.instances.localhost:{new Uri(Carrel.Url).Port}");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _carrel = await RunningCarrel.StartAsync();
        _administrator = await ArmClient.SignInAsync(_carrel);
        _ann = await AddAsync("ann");
        _bob = await AddAsync("bob");
        await CreateForAsync(AnnsDesk, _ann);
        await CreateForAsync(BobsDesk, _bob);
    }

    /// <summary>Calls ARM with a token.</summary>
    public async Task<ArmAnswer> AskAsync(string? bearer, HttpMethod method, string path, string? body = null, Action<HttpRequestMessage>? change = null)
    {
        using HttpClient http = Carrel.CreateClient();
        using var request = new HttpRequestMessage(method, path + (path.Contains('?') ? "&" : "?") + "api-version=2025-12-01");
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return new ArmAnswer(answer, answer.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    /// <summary>The server's own signing key, for tokens that are forged in everything but the signature.</summary>
    public RSA SigningKey()
    {
        string pem = Directory.GetFiles(Path.Combine(Carrel.DataFolder, "keys"), "*.pem").Order(StringComparer.Ordinal).Last();
        var key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(pem));
        return key;
    }

    /// <summary>Adds a person without any role.</summary>
    public async Task<Person> AddPersonAsync(string name, string? displayName = null)
    {
        string password = "long-enough-" + Guid.NewGuid().ToString("N");
        string userName = $"{name}@carrel.local";
        using HttpResponseMessage answer = await Administrator.Http.PostAsJsonAsync(
            "/v1.0/users", new { displayName = displayName ?? name, userPrincipalName = userName, passwordProfile = new { password } });
        string body = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(body);
        return new Person(Carrel, Guid.Parse(JsonNode.Parse(body)!["id"]!.GetValue<string>()), userName, password);
    }

    /// <summary>Id of the container of an instance.</summary>
    public async Task<string> ContainerAsync(string instance)
    {
        foreach (string container in (await DockerObjects.OfAsync(Carrel.Installation)).Containers)
        {
            if ((await DockerObjects.ExecuteAsync(container, "hostname")) == instance || (await DockerObjects.RunAsync("exec", container, "cat", "/run/carrel/settings.env")).Output.Contains($"CI_NAME='{instance}'"))
                return container;
        }

        throw new InvalidOperationException("No container of " + instance);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _administrator?.Dispose();
        if (_carrel is not null)
            await _carrel.DisposeAsync();
    }

    private async Task<Person> AddAsync(string name)
    {
        Person person = await AddPersonAsync(name);
        string role = $"{Carrel.Workspace}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}";
        ArmAnswer assigned = await Administrator.SendAsync(HttpMethod.Put, role, new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] = $"/subscriptions/{Carrel.Client["CARREL_SUBSCRIPTION"]}/providers/Microsoft.Authorization/roleDefinitions/{DataScientist}",
                ["principalId"] = person.ObjectId.ToString(),
                ["principalType"] = "User",
            },
        }.ToJsonString());
        ((int)assigned.Status).ShouldBe(201, assigned.Body?.ToJsonString());
        return person;
    }

    private async Task CreateForAsync(string path, Person person) => await Administrator.WaitAsync(await Administrator.SendAsync(HttpMethod.Put, path, new JsonObject
    {
        ["location"] = "local",
        ["properties"] = new JsonObject
        {
            ["computeType"] = "ComputeInstance",
            ["properties"] = new JsonObject
            {
                ["vmSize"] = "STANDARD_DS1_V2",
                ["sshSettings"] = new JsonObject { ["sshPublicAccess"] = "Enabled" },
                ["personalComputeInstanceSettings"] = new JsonObject
                {
                    ["assignedUser"] = new JsonObject { ["objectId"] = person.ObjectId.ToString(), ["tenantId"] = Tenant },
                },
            },
        },
    }.ToJsonString()));
}
