using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Carrel.Access;
using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Access.Setup;
using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;
using Carrel.Gateway.Certificates;
using Carrel.Gateway.Connections;
using Carrel.Gateway.Instances;
using Carrel.Gateway.SecureShell;
using Carrel.TestKit.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carrel.Gateway.Tests.Support;

/// <summary>The gateway with the real Access on a real Kestrel with TLS, in front of a machine that echoes. Ann owns "ann", Bob owns "bob".</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    internal const string Secret = "5ec2e7000000000000000000000000000000000000000000000000000000beef";

    private readonly WebApplication _app;
    private readonly AccessDatabase _database;
    private readonly X509Certificate2 _authority;

    private GatewayHost(WebApplication app, AccessDatabase database, Upstream upstream, int port, string dataFolder)
    {
        _database = database;
        (_app, Upstream, Port, DataFolder) = (app, upstream, port, dataFolder);
        _authority = X509CertificateLoader.LoadCertificateFromFile(Get<ServerCertificates>().AuthorityFile!);
        Http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (_, cancellation) => await ConnectAsync(cancellation),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustPolicy() },
        });
    }

    internal Upstream Upstream { get; }

    internal int Port { get; }

    internal string DataFolder { get; }

    internal int InsecurePort => Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).Single(address => address.Scheme == "http").Port;

    internal HttpMessageInvoker Http { get; }

    internal FakeRoutes Routes => (FakeRoutes)Get<IInstanceRoutes>();

    internal FakeSecureShellRoutes SecureShell => (FakeSecureShellRoutes)Get<ISecureShellRoutes>();

    internal SettableTime Time => (SettableTime)Get<TimeProvider>();

    internal DirectoryUser Ann { get; private set; } = null!;

    internal DirectoryUser Bob { get; private set; } = null!;

    internal string Studio => $"https://localhost:{Port}";

    internal string Origin(string name) => $"https://{name}.lab.instances.localhost:{Port}";

    internal T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    internal static async Task<GatewayHost> StartAsync(Action<IServiceCollection>? change = null)
    {
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("carrel-gateway-").FullName;
        Upstream upstream = await Upstream.StartAsync();
        var publicUrl = new Uri($"https://localhost:{port}");
        var database = new AccessDatabase();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services
            .AddSingleton<TimeProvider>(new SettableTime())
            .AddSingleton<IInstanceRoutes, FakeRoutes>()
            .AddSingleton<ISecureShellRoutes, FakeSecureShellRoutes>()
            .AddAccess(new AccessOptions { PublicUrl = publicUrl, DataFolder = folder, SubscriptionId = Guid.NewGuid() })
            .AddGateway(new GatewayOptions { PublicUrl = publicUrl, DataFolder = folder, Locations = ["lab"] });
        database.AddTo(builder.Services);
        change?.Invoke(builder.Services);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseGatewayLimits();
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseGatewayTls());
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        WebApplication app = builder.Build();
        app.UseGateway();
        app.UseRouting();
        app.MapGet("/studio-only", (HttpContext context) => "studio " + context.Request.Host.Value);
        app.MapAccess();
        await app.Services.GetRequiredService<FirstStart>().RunAsync(
            new FirstStartOptions { SubscriptionId = Guid.NewGuid(), ResourceGroup = "team", Workspace = "lab" }, CancellationToken.None);
        await app.StartAsync();

        var host = new GatewayHost(app, database, upstream, port, folder);
        host.Ann = await AddUserAsync(database.Directory, "ann@carrel.local");
        host.Bob = await AddUserAsync(database.Directory, "bob@carrel.local");
        host.AddInstance("ann", host.Ann.ObjectId);
        host.AddInstance("bob", host.Bob.ObjectId);
        await host.GiveAsync(host.Ann.ObjectId, "AzureML Data Scientist");
        await host.GiveAsync(host.Bob.ObjectId, "AzureML Data Scientist");
        return host;
    }

    internal string Group => $"/subscriptions/{Get<AccessOptions>().SubscriptionId}/resourceGroups/team";

    internal string ResourceId(string name) => $"{Group}/providers/Microsoft.MachineLearningServices/workspaces/lab/computes/{name}";

    /// <summary>Gives a role, at the group of all instances.</summary>
    internal async Task<Guid> GiveAsync(Guid principal, string role)
    {
        var given = new RoleAssignment(Guid.NewGuid(), Group, principal, BuiltInRoles.All.Single(known => known.RoleName == role).Id, "User", DateTimeOffset.UtcNow);
        (await Get<IRoleAssignmentStore>().TryAddAsync(given, null, CancellationToken.None)).ShouldBeTrue();
        return given.Id;
    }

    /// <summary>Adds a running instance of this name, or a new one in its place.</summary>
    internal InstanceRoute AddInstance(string name, Guid owner, string state = "Running") => Routes[name] = new InstanceRoute(
        Guid.NewGuid().ToString(), name, "lab", owner, state, state is "Running" or "JobRunning" or "UserSetupFailed", IPAddress.Loopback, Secret)
    {
        ResourceId = ResourceId(name),
        Port = Upstream.Port,
    };

    /// <summary>An access token for ARM, as the token endpoint gives it.</summary>
    internal string TokenOf(DirectoryUser user) => Get<TokenIssuer>()
        .Issue(new TokenRequest(user.ObjectId, CallerKind.User, "https://management.azure.com", "cli", user.UserName)).Value;

    /// <summary>A browser in which this person is signed in to the studio.</summary>
    internal async Task<Browser> SignedInAsync(DirectoryUser user)
    {
        var browser = new Browser(this);
        browser.SetCookie("localhost", StudioSession.Cookie, await Get<Sessions>().BeginStudioAsync(user.ObjectId, CancellationToken.None));
        return browser;
    }

    /// <summary>A browser that has come into the instance.</summary>
    internal async Task<Browser> InsideAsync(DirectoryUser user, string name)
    {
        Browser browser = await SignedInAsync(user);
        using HttpResponseMessage page = await browser.NavigateAsync(Origin(name) + "/lab");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        Upstream.Seen.Clear();
        return browser;
    }

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends bytes as they are and reads everything until the server closes or falls silent.</summary>
    internal async Task<string> SendRawAsync(string text)
    {
        await using Stream plain = await ConnectAsync(TestContext.Current.CancellationToken);
        await using var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = TrustPolicy() });
        await secure.WriteAsync(Encoding.Latin1.GetBytes(text));
        var answer = new StringBuilder();
        byte[] buffer = new byte[65536];
        using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            for (int read; (read = await secure.ReadAsync(buffer, silence.Token)) > 0;)
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // A closed connection is an answer too.
        }

        return answer.ToString();
    }

    internal X509ChainPolicy TrustPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority);
        return policy;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        await Upstream.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(DataFolder, recursive: true);
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<DirectoryUser> AddUserAsync(IDirectoryStore directory, string name)
    {
        var user = new DirectoryUser(Guid.NewGuid(), name, name, "", DateTimeOffset.UtcNow);
        (await directory.TryAddUserAsync(user, CancellationToken.None)).ShouldBeTrue();
        return user;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
