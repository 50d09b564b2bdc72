using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Api.Computes;
using Carrel.Api.Operations;
using Carrel.Api.ResourceGroups;
using Carrel.Api.Sizes;
using Carrel.Api.Subscriptions;
using Carrel.Api.Workspaces;
using Carrel.Arm;
using Carrel.Engine.Idle;
using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;
using Carrel.Store.Access;
using Carrel.Store.Sqlite;
using Carrel.TestKit.Engines;
using Carrel.TestKit.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carrel.Api.Tests.Support;

/// <summary>The ARM surface on a real Kestrel over the real engine and store; machines, callers and roles are the test's.</summary>
internal sealed class ApiUnderTest : IAsyncDisposable
{
    internal const string PublicUrl = "https://carrel.example:8443";
    internal const string Subscription = "/subscriptions/" + EngineUnderTest.Subscription;
    internal const string Workspaces = Subscription + "/resourceGroups/team/providers/Microsoft.MachineLearningServices/workspaces";
    internal const string Lab = Workspaces + "/lab";

    private readonly WebApplication _app;
    private readonly SqliteDatabase _database;
    private readonly EngineHome _home;

    private ApiUnderTest(WebApplication app, SqliteDatabase database, EngineHome home, InMemoryInstanceHost host)
    {
        (_app, _database, _home, Host) = (app, database, home, host);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    internal Uri Address { get; }

    internal HttpClient Http { get; }

    internal InMemoryInstanceHost Host { get; }

    internal ScriptedAgents Agents => _home.Agents;

    internal Roles Roles => (Roles)Get<IArmAuthorizer>();

    internal T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    internal IEnumerable<ArmOperation> Operations =>
        ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).SelectMany(endpoint => endpoint.Metadata.GetMetadata<ArmOperations>()?.All ?? []);

    internal static string Compute(string name) => $"{Lab}/computes/{name}";

    internal static async Task<ApiUnderTest> StartAsync(bool lab = true, int pageSize = ArmOptions.DefaultPageSize, Action<IServiceCollection>? change = null)
    {
        var home = new EngineHome();
        SqliteDatabase database = SqliteDatabase.Open(home.Database, TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = new InMemoryInstanceHost(home.Installation, home.Machines, TimeProvider.System);
        EngineUnderTest.AddTo(builder.Services, home, database, host);
        builder.Services
            .AddAccessStore()
            .AddSingleton<IPrincipalDirectory, People>()
            .AddSingleton<PrincipalRoles>()
            .AddSingleton<AccessExplainer>()
            .AddSingleton<IArmAuthenticator, Names>()
            .AddSingleton<IArmAuthorizer, Roles>()
            .AddSingleton<IWorkspaceLocations, AnyLocation>()
            .AddSingleton(new ArmOptions(PublicUrl, PageSize: pageSize))
            .AddSingleton(new ApiOptions
            {
                TenantId = EngineUnderTest.Ann.TenantId,
                SubscriptionId = Guid.Parse(EngineUnderTest.Subscription),
                SubscriptionName = "Carrel",
                PublicUrl = PublicUrl,
                InstanceUrl = (name, location) => $"https://{name}.{location}.instances.example:8443",
            })
            .AddApi();
        change?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.UseSingleLeadingSlash();
        app.UseRouting();
        app.MapApi();
        await app.StartAsync();
        var api = new ApiUnderTest(app, database, home, host);
        if (lab)
        {
            (await api.PutAsync(Subscription + "/resourceGroups/team", """{"location":"local"}""")).Status.ShouldBe(201);
            (await api.PutAsync(Lab, """{"location":"local"}""")).Status.ShouldBe(201);
        }

        return api;
    }

    internal Task<Answer> GetAsync(string path, string who = "ann") => SendAsync("GET", path, who: who);

    internal Task<Answer> PutAsync(string path, string body, string who = "ann") => SendAsync("PUT", path, body, who);

    internal Task<Answer> PostAsync(string path) => SendAsync("POST", path);

    internal Task<Answer> PostAsync(string name, string call, string? body, string who = "ann") => SendAsync("POST", $"{Compute(name)}/{call}", body, who);

    internal Task<Answer> DeleteAsync(string path) => SendAsync("DELETE", path);

    internal async Task<Answer> SendAsync(string method, string path, string? body = null, string who = "ann", Action<HttpRequestMessage>? change = null)
    {
        string version = path.Contains("api-version", StringComparison.Ordinal) ? "" : (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "api-version=2024-10-01";
        using var request = new HttpRequestMessage(new HttpMethod(method), path + version);
        if (who.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", "Name " + who);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        using HttpResponseMessage response = await Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Dictionary<string, string> headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, text, headers);
    }

    /// <summary>Follows Azure-AsyncOperation to its end, as a client does.</summary>
    internal async Task<JsonNode> EndAsync(Answer accepted, string who = "ann")
    {
        string url = Local(accepted.Headers["Azure-AsyncOperation"]);
        JsonNode? status = null;
        await EngineUnderTest.UntilAsync(
            async () =>
            {
                Answer answer = await GetAsync(url, who);
                answer.Status.ShouldBe(200, answer.Text);
                status = answer.Body;
                return status["status"]!.GetValue<string>() != "InProgress";
            },
            "the operation");
        return status!;
    }

    internal async Task<JsonNode> RunningAsync(string name, string? body = null, string who = "ann")
    {
        Answer put = await PutAsync(Compute(name), body ?? InstanceBody(), who);
        put.Status.ShouldBe(201, put.Text);
        (await EndAsync(put, who))["status"]!.GetValue<string>().ShouldBe("Succeeded");
        return (await GetAsync(Compute(name), who)).Body;
    }

    /// <summary>Looks into every running machine now.</summary>
    internal Task SampleAsync() => Get<IdleWatch>().RoundAsync(default);

    internal static string InstanceBody(string size = "STANDARD_DS1_V2", string inner = "", string top = "") =>
        $$$$"""{{{{{top}}}}"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"{{{{size}}}}"{{{{inner}}}}}}}""";

    internal static string Local(string url)
    {
        url.ShouldStartWith(PublicUrl + "/");
        return url[PublicUrl.Length..];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        _home.Dispose();
    }
}

/// <summary>An answer.</summary>
internal sealed record Answer(int Status, string Text, Dictionary<string, string> Headers)
{
    internal JsonNode Body => JsonNode.Parse(Text)!;

    internal string Code => Body["error"]!["code"]!.GetValue<string>();

    internal string? Target => Body["error"]!["target"]?.GetValue<string>();

    internal string Message => Body["error"]!["message"]!.GetValue<string>();
}

/// <summary>The caller is who the header says; another one is nobody.</summary>
internal sealed class Names : IArmAuthenticator
{
    private static readonly Guid Tenant = EngineUnderTest.Ann.TenantId;

    private const string Person = "Name person-";

    /// <summary>The object id of somebody whose header says <c>person-NAME</c>.</summary>
    internal static Guid IdOf(string name) => new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    public string Challenge => $"Bearer authorization=\"{ApiUnderTest.PublicUrl}/{Tenant}\", resource=\"{ApiUnderTest.PublicUrl}\"";

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(Microsoft.AspNetCore.Http.HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        return ValueTask.FromResult(header switch
        {
            "Name ann" => new AuthenticationOutcome(new Caller(Tenant, EngineUnderTest.Ann.ObjectId, null, "ann@contoso.com", CallerKind.User)),
            "Name bob" => new AuthenticationOutcome(new Caller(Tenant, Guid.Parse("bbbbbbbb-0000-0000-0000-000000000001"), null, "bob@contoso.com", CallerKind.User)),
            _ when header.StartsWith(Person, StringComparison.Ordinal) => new AuthenticationOutcome(
                new Caller(Tenant, IdOf(header[Person.Length..]), null, header[Person.Length..] + "@contoso.com", CallerKind.User)),
            _ => new AuthenticationOutcome(null, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."),
        });
    }
}

/// <summary>Ann may do everything, others nothing but what a test grants.</summary>
internal sealed class Roles : IArmAuthorizer
{
    internal HashSet<string> Granted { get; } = [];

    /// <summary>Actions granted at a scope and below.</summary>
    internal List<(string Action, string Scope)> GrantedAt { get; } = [];

    internal List<(string Action, string Scope)> Asked { get; } = [];

    public ValueTask<AuthorizationDecision> AuthorizeAsync(Caller caller, string action, string scope, CancellationToken cancellation)
    {
        lock (Asked)
            Asked.Add((action, scope));
        bool granted = caller.Name.StartsWith("ann", StringComparison.Ordinal) || Granted.Contains(action)
            || GrantedAt.Any(grant => grant.Action == action && Carrel.Access.Roles.RoleRules.IsAtOrBelow(scope, grant.Scope));
        return ValueTask.FromResult(new AuthorizationDecision(granted, "by the test"));
    }
}

/// <summary>Groups and kinds of principals, as a test says them.</summary>
internal sealed class People : IPrincipalDirectory
{
    internal System.Collections.Concurrent.ConcurrentDictionary<Guid, PrincipalType> Types { get; } = new();

    internal System.Collections.Concurrent.ConcurrentDictionary<Guid, Guid[]> Groups { get; } = new();

    public ValueTask<PrincipalType?> FindTypeAsync(Guid objectId, CancellationToken cancellation) => new(Types.TryGetValue(objectId, out PrincipalType type) ? type : null);

    public ValueTask<IReadOnlyList<Guid>> GroupsOfAsync(Guid objectId, CancellationToken cancellation) => new(Groups.GetValueOrDefault(objectId) ?? []);
}

internal sealed class AnyLocation : IWorkspaceLocations
{
    public Task EnsureAsync(string location) => Task.CompletedTask;
}
