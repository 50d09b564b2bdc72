using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Carrel.Engine.Agents;
using Carrel.Fuzz.Tests.Wire;
using Carrel.Gateway.Instances;
using Carrel.Instances.Hosting;
using Carrel.Server.Composition;
using Carrel.Server.Configuration;
using Carrel.Store.Sqlite;
using Carrel.TestKit.Engines;
using Carrel.TestKit.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carrel.Fuzz.Tests.Support;

/// <summary>The whole server program in this process, on a real socket with TLS; only its machines are in memory, with an echo for their JupyterLab.</summary>
internal sealed class FuzzServer : IAsyncDisposable
{
    internal const string Tenant = "99999999-0000-0000-0000-000000000001";
    internal const string Subscription = "11111111-1111-1111-1111-111111111111";

    private readonly WebApplication _app;
    private readonly SqliteDatabase _database;
    private readonly DataFolder _data;
    private readonly EchoMachine _machine;
    private readonly X509Certificate2 _authority;

    private FuzzServer(WebApplication app, SqliteDatabase database, DataFolder data, EchoMachine machine, FaultLog faults, int port)
    {
        (_app, _database, _data, _machine, Faults, Port) = (app, database, data, machine, faults, port);
        _authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(data.Tls, "ca.crt"));
    }

    internal int Port { get; }

    internal string Folder => _data.Root;

    /// <summary>A connection to it.</summary>
    internal WireClient Connect() => new(Port, _authority);

    /// <summary>What the server called a fault of its own.</summary>
    internal FaultLog Faults { get; }

    /// <summary>Every route there is: what is added to the product is fuzzed without being listed here.</summary>
    internal IEnumerable<RouteEndpoint> Endpoints =>
        ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>A variable of the file that the first start writes for clients.</summary>
    internal string ClientVariable(string name) => File.ReadLines(_data.ClientEnvironment)
        .First(line => line.StartsWith($"export {name}=", StringComparison.Ordinal)).Split('=', 2)[1].Trim('\'');

    /// <summary>The first administrator's password.</summary>
    internal string AdministratorPassword => File.ReadLines(_data.AdministratorFile).Last(line => line.StartsWith("password: ", StringComparison.Ordinal))["password: ".Length..];

    internal static async Task<FuzzServer> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("carrel-fuzz-").FullName;
        int port = FreePort();
        var variables = new Dictionary<string, string>
        {
            ["CARREL_DATA"] = folder,
            ["CARREL_URL"] = $"https://localhost:{port}",
            ["CARREL_HTTP_PORT"] = "0",
            ["CARREL_LISTEN"] = "127.0.0.1",
            // Where no server that is up looks.
            ["CARREL_SSH_PORTS"] = "28000-31999",
            ["CARREL_TENANT"] = Tenant,
            ["CARREL_SUBSCRIPTION"] = Subscription,
            ["CARREL_GROUP"] = "team",
            ["CARREL_WORKSPACE"] = "lab",
        };
        ServerOptions options = ServerOptions.Read(variables.GetValueOrDefault);
        DataFolder data = DataFolder.Open(options.DataFolder);
        SqliteDatabase database = SqliteDatabase.Open(data.Database, TimeProvider.System);
        EchoMachine machine = await EchoMachine.StartAsync();
        var faults = new FaultLog();
        WebApplication app = await CarrelApplication.BuildAsync(options, data, database, services => Replace(services, data.Installation, machine, faults));
        await app.StartAsync();
        return new FuzzServer(app, database, data, machine, faults, port);
    }

    private static void Replace(IServiceCollection services, Guid installation, EchoMachine machine, FaultLog faults)
    {
        var host = new InMemoryInstanceHost(installation, new InMemoryEngine(), TimeProvider.System);
        Func<IServiceProvider, object> routes = services.Last(service => service.ServiceType == typeof(IInstanceRoutes)).ImplementationFactory!;
        services
            .AddSingleton<IInstanceHost>(host)
            .AddSingleton<IHostRules>(host)
            .AddSingleton<IAgentConnector>(new ScriptedAgents())
            .AddSingleton<IInstanceRoutes>(provider => new RoutesToEcho((IInstanceRoutes)routes(provider), machine))
            .AddLogging(logging => logging.ClearProviders().AddProvider(faults));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        await _machine.DisposeAsync();
        _data.Dispose();
        _authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Machines in memory have addresses at which nobody answers; their applications are at the echo instead.
    private sealed class RoutesToEcho(IInstanceRoutes inner, EchoMachine machine) : IInstanceRoutes
    {
        public async ValueTask<InstanceRoute?> FindAsync(string location, string name) =>
            await inner.FindAsync(location, name) is { Address: not null } route ? route with { Address = IPAddress.Loopback, Port = machine.Port } : null;
    }
}
