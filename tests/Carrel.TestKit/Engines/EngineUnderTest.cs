using System.Diagnostics;
using System.Text.Json;
using Carrel.Engine;
using Carrel.Engine.Agents;
using Carrel.Engine.Commands;
using Carrel.Engine.Idle;
using Carrel.Engine.Machines;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using Carrel.Store;
using Carrel.Store.Engine;
using Carrel.Store.Sqlite;
using Carrel.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.TestKit.Engines;

/// <summary>
/// The real engine over the real store, with machines in memory. A second one in the same <see cref="EngineHome"/> plays a server that was
/// started again.
/// </summary>
public sealed class EngineUnderTest : IAsyncDisposable
{
    /// <summary>The subscription of <see cref="Address"/>.</summary>
    public const string Subscription = "11111111-1111-1111-1111-111111111111";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly IHost _host;
    private readonly SqliteDatabase _database;
    private readonly bool _ownsHome;

    private EngineUnderTest(EngineHome home, bool ownsHome, IHost host, SqliteDatabase database)
    {
        (Home, _ownsHome, _host, _database) = (home, ownsHome, host, database);
        Host = (InMemoryInstanceHost)Get<IInstanceHost>();
    }

    /// <summary>What outlives this server.</summary>
    public EngineHome Home { get; }

    /// <summary>The host of the machines, as this server sees it.</summary>
    public InMemoryInstanceHost Host { get; }

    /// <summary>The agents.</summary>
    public ScriptedAgents Agents => Home.Agents;

    /// <summary>The store.</summary>
    public IEngineStore Store => Get<IEngineStore>();

    /// <summary>A service of the engine.</summary>
    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Ann, who asks when nobody else is named.</summary>
    public static Principal Ann { get; } = new(Guid.Parse("aaaaaaaa-0000-0000-0000-000000000001"), Guid.Parse("99999999-0000-0000-0000-000000000001"), "ann@contoso.com", "User");

    /// <summary>Times that suit a test.</summary>
    public static EngineOptions Quick(EngineHome home) => new()
    {
        SharesFolder = home.Shares,
        Lease = TimeSpan.FromSeconds(1),
        HostDeadline = TimeSpan.FromSeconds(10),
        ApplicationDeadline = TimeSpan.FromSeconds(1),
        ReconcileEvery = TimeSpan.FromMilliseconds(200),
        HeartbeatEvery = TimeSpan.FromMilliseconds(100),
        // Tests of idleness take their samples themselves.
        Idle = new IdleOptions { SampleEvery = TimeSpan.FromHours(1) },
    };

    /// <summary>Starts a server.</summary>
    public static async Task<EngineUnderTest> StartAsync(
        EngineHome? home = null, Func<EngineOptions, EngineOptions>? change = null, Action<InMemoryInstanceHost>? script = null, Action<IServiceCollection>? replace = null,
        TimeProvider? time = null)
    {
        bool owns = home is null;
        home ??= new EngineHome();
        SqliteDatabase database = SqliteDatabase.Open(home.Database, TimeProvider.System);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        var machines = new InMemoryInstanceHost(home.Installation, home.Machines, TimeProvider.System);
        script?.Invoke(machines);
        AddTo(builder.Services, home, database, machines, change);
        replace?.Invoke(builder.Services);
        if (time is not null)
            builder.Services.AddSingleton(time);
        IHost host = builder.Build();
        await host.StartAsync();
        return new EngineUnderTest(home, owns, host, database);
    }

    /// <summary>Registers the engine and what it needs; also for a web host.</summary>
    public static void AddTo(
        IServiceCollection services, EngineHome home, IDatabase database, InMemoryInstanceHost machines, Func<EngineOptions, EngineOptions>? change = null)
    {
        services.AddLogging(logging => logging.ClearProviders());
        services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(database)
            .AddSingleton<IEngineStore, EngineStore>()
            .AddSingleton<IInstanceHost>(machines)
            .AddSingleton<IHostRules>(machines)
            .AddSingleton(_ => MachineSecrets.OpenOrCreate(Path.Combine(home.Folder, "machines.key")))
            .AddSingleton(VmSizeCatalogue.Default)
            .AddEngine((change ?? (options => options))(Quick(home)))
            .AddSingleton<IContributorRights>(home.Contributors)
            .AddSingleton<IAgentConnector>(home.Agents);
    }

    /// <summary>An instance's address.</summary>
    public static InstanceAddress Address(string name, string workspace = "lab", string subscription = Subscription) => new(subscription, "team", workspace, name);

    /// <summary>A caller's context.</summary>
    public static CommandContext As(Principal? who = null) => new(who ?? Ann, Guid.NewGuid().ToString(), Guid.NewGuid().ToString());

    /// <summary>A body of a PUT.</summary>
    public static JsonElement Body(string size = "STANDARD_DS1_V2", string? more = null) => JsonElement.Parse(
        $$$$"""{"properties":{"computeType":"ComputeInstance","properties":{"vmSize":"{{{{size}}}}"{{{{(more is null ? "" : "," + more)}}}}}}}""");

    /// <summary>Makes a workspace and its group.</summary>
    public async Task<Workspace> AddWorkspaceAsync(string name = "lab", string location = "local", string subscription = Subscription)
    {
        await Store.WriteAsync(transaction =>
        {
            transaction.Save(new ResourceGroup(subscription, "team", location, new Dictionary<string, string>(), Instant.FromUnixTimeTicks(0)));
            return true;
        });
        var model = new WorkspaceModel(new Dictionary<string, string>(), null, null, null, "SystemAssigned", "{}");
        return (await Get<WorkspaceCommands>().CreateOrUpdateAsync(new WorkspaceAddress(subscription, "team", name), location, model, As(), default)).Workspace;
    }

    /// <summary>PUT.</summary>
    public Task<InstanceWriteOutcome> PutAsync(InstanceAddress address, JsonElement? body = null, Principal? who = null) =>
        Get<InstanceWrites>().CreateOrUpdateAsync(address, body ?? Body(), _ => Task.FromResult(new Assignee(null)), As(who), default);

    /// <summary>PUT of a name in the workspace <c>lab</c>.</summary>
    public Task<InstanceWriteOutcome> PutAsync(string name, JsonElement? body = null, Principal? who = null) => PutAsync(Address(name), body, who);

    /// <summary>PUT and wait until it runs.</summary>
    public async Task<ComputeInstance> RunningAsync(string name, JsonElement? body = null, Principal? who = null)
    {
        InstanceWriteOutcome outcome = await PutAsync(name, body, who);
        Operation ended = await EndAsync(outcome.Operation);
        return ended.Status == OperationStatus.Succeeded
            ? (await FindAsync(name))!
            : throw new InvalidOperationException($"{ended.Status}: {ended.Error}");
    }

    /// <summary>POST start.</summary>
    public Task<Operation> BeginStartAsync(string name) => Get<InstanceCommands>().StartAsync(Address(name), As(), default);

    /// <summary>POST stop.</summary>
    public Task<Operation> BeginStopAsync(string name) => Get<InstanceCommands>().StopAsync(Address(name), As(), default);

    /// <summary>POST restart.</summary>
    public Task<Operation> BeginRestartAsync(string name) => Get<InstanceCommands>().RestartAsync(Address(name), As(), default);

    /// <summary>DELETE.</summary>
    public Task<Operation?> BeginDeleteAsync(string name) => Get<InstanceCommands>().DeleteAsync(Address(name), As(), default);

    /// <summary>Waits for the end of an operation.</summary>
    public async Task<Operation> EndAsync(Operation? operation)
    {
        Operation? seen = null;
        await UntilAsync(async () => (seen = await Store.ReadAsync(view => view.FindOperation(operation!.Id)))?.Status != OperationStatus.InProgress, "the end of " + operation!.Kind);
        return seen!;
    }

    /// <summary>The instance, or null.</summary>
    public Task<ComputeInstance?> FindAsync(string name, string workspace = "lab") => Store.ReadAsync(view => view.FindInstance(Address(name, workspace)));

    /// <summary>Waits until an instance is in a state.</summary>
    public async Task<ComputeInstance> UntilAsync(string name, InstanceState state)
    {
        ComputeInstance? seen = null;
        await UntilAsync(async () => (seen = await FindAsync(name))?.State.State == state, $"{name} to be {state}");
        return seen!;
    }

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
                throw new TimeoutException("Waited in vain for " + what);
            await Task.Delay(10);
        }
    }

    /// <summary>Holds a verb of the host until the returned gate is opened.</summary>
    public Gate Hold(string verb) => Gate.At(Host, verb);

    /// <summary>Ends the server and leaves its home.</summary>
    public async Task CloseAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _database.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_ownsHome)
            Home.Dispose();
    }
}
