using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Access.Setup;
using Carrel.Access.SignIn;
using Carrel.Arm.Identity;
using Carrel.TestKit.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carrel.Access.Tests.Support;

/// <summary>Access on a real Kestrel with its real stores and a clock of its own.</summary>
internal sealed class AccessHost : IAsyncDisposable
{
    internal const string Origin = "https://localhost:8443";
    internal static readonly Guid Subscription = Guid.Parse("11111111-1111-1111-1111-111111111111");

    // Making a key takes longer than most tests: all hosts find the same one in their folders.
    private static readonly string SharedKey = RSA.Create(2048).ExportPkcs8PrivateKeyPem();

    private readonly WebApplication _app;
    private readonly AccessDatabase _database;

    private AccessHost(WebApplication app, AccessDatabase database, string dataFolder, FirstStartResult first)
    {
        _app = app;
        _database = database;
        DataFolder = dataFolder;
        First = first;
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address) };
    }

    internal string DataFolder { get; }

    internal FirstStartResult First { get; }

    internal FirstSecrets Secrets => First.Secrets!;

    internal Guid Tenant => First.Tenant.Id;

    internal HttpClient Http { get; }

    internal SettableTime Time => (SettableTime)Get<TimeProvider>();

    internal IDirectoryStore Directory => Get<IDirectoryStore>();

    internal T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    internal static async Task<AccessHost> StartAsync(Action<IServiceCollection>? more = null)
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("carrel-access-").FullName;
        System.IO.Directory.CreateDirectory(Path.Combine(folder, "keys"));
        await File.WriteAllTextAsync(Path.Combine(folder, "keys", "20261120T120000000Z.pem"), SharedKey);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var database = new AccessDatabase();
        builder.Services.AddSingleton<TimeProvider>(new SettableTime());
        database.AddTo(builder.Services);
        more?.Invoke(builder.Services);
        builder.Services.AddAccess(new AccessOptions { PublicUrl = new Uri(Origin), DataFolder = folder, SubscriptionId = Subscription });
        WebApplication app = builder.Build();
        app.UseRefusalsWithReasons();
        app.UseRouting();
        app.MapAccess();
        // Stands for the ARM surface: says who the token is.
        app.MapGet("/whoami", async (Microsoft.AspNetCore.Http.HttpContext context, IArmAuthenticator authenticator) =>
        {
            AuthenticationOutcome outcome = await authenticator.AuthenticateAsync(context.Request);
            return outcome.Caller is null
                ? Microsoft.AspNetCore.Http.Results.Json(new { outcome.Code, outcome.Message }, statusCode: 401)
                : Microsoft.AspNetCore.Http.Results.Json(outcome.Caller);
        });
        FirstStartResult first = await app.Services.GetRequiredService<FirstStart>().RunAsync(SetupOptions(), CancellationToken.None);
        await app.StartAsync();
        return new AccessHost(app, database, folder, first);
    }

    internal static FirstStartOptions SetupOptions() => new() { SubscriptionId = Subscription, ResourceGroup = "team", Workspace = "lab" };

    internal async Task<(int Status, JsonObject Body)> TokenAsync(Dictionary<string, string> form, string? tenant = null)
    {
        using HttpResponseMessage response = await Http.PostAsync($"/{tenant ?? Tenant.ToString()}/oauth2/v2.0/token", new FormUrlEncodedContent(form));
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    internal Dictionary<string, string> ProgramForm(string scope = Origin + "/.default") => new()
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = Secrets.ClientId.ToString(),
        ["client_secret"] = Secrets.ClientSecret,
        ["scope"] = scope,
        ["client_info"] = "1",
    };

    internal async Task<string> ProgramTokenAsync()
    {
        (int status, JsonObject body) = await TokenAsync(ProgramForm());
        status.ShouldBe(200, body.ToJsonString());
        return body["access_token"]!.GetValue<string>();
    }

    internal async Task<DirectoryUser> AddUserAsync(string name, string password = "correct horse battery")
    {
        var user = new DirectoryUser(Guid.NewGuid(), name, name, PasswordSignIn.HashPassword(password), Time.GetUtcNow());
        (await Directory.TryAddUserAsync(user, CancellationToken.None)).ShouldBeTrue();
        return user;
    }

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? bearer, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        System.IO.Directory.Delete(DataFolder, recursive: true);
    }
}
