using Carrel.Engine.Agents;
using Carrel.Engine.Commands;
using Carrel.Engine.Idle;
using Carrel.Engine.Lines;
using Carrel.Engine.Machines;
using Carrel.Engine.Notices;
using Carrel.Engine.Operations;
using Carrel.Engine.Quota;
using Carrel.Engine.Reconciliation;
using Carrel.Engine.Schedules;
using Carrel.Engine.SecureShell;
using Carrel.Instances.Sizes;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Engine;

/// <summary>Registers the engine. The store, the host, the machines' secrets and the size catalogue come from outside.</summary>
public static class EngineServices
{
    /// <summary>Adds commands, operations, reconciliation and heartbeat.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="server">How programs inside machines reach the server; null when they do not.</param>
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options, MachineSurroundings? server = null) => services
        .AddSingleton(server ?? MachineSurroundings.None)
        .AddSingleton(options)
        .AddSingleton(options.SshPorts)
        .AddCommands()
        .AddOperations()
        .AddReconciliation()
        .AddStopNotices()
        .AddIdleRule()
        .AddSchedules();

    private static IServiceCollection AddCommands(this IServiceCollection services) => services
        .AddSingleton<InstanceCommands>()
        .AddSingleton<InstanceWrites>()
        .AddSingleton<InstancePatches>()
        .AddSingleton<InstanceSettings>()
        .AddSingleton<WorkspaceCommands>()
        .AddSingleton<GroupCommands>()
        .AddSingleton<IdentityCommands>()
        .AddSingleton<SecureShellPorts>()
        .AddSingleton<QuotaLedger>()
        .AddSingleton<QuotaCommands>();

    private static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<OperationSignal>()
        .AddSingleton<IOperationJournal, OperationJournal>()
        .AddSingleton<MachineSpecFactory>()
        .AddSingleton<MachineSettingsSource>()
        .AddSingleton<MachineArrivals>()
        .AddSingleton<HostFacts>()
        .AddSingleton(new AgentConnectionOptions())
        .AddSingleton<AgentPool>()
        .AddSingleton<IAgentConnector, HttpAgentConnector>()
        .AddSingleton<InstanceSteps>()
        .AddSingleton<OperationRunner>()
        .AddSingleton<WorkspaceDeletion>()
        .AddSingleton<GroupDeletion>()
        .AddHostedService<OperationWorker>();

    /// <summary>Adds lines to machines (architecture, between server and machine); <see cref="IMachineCalls"/> is registered beside it.</summary>
    public static IServiceCollection AddMachineLines(this IServiceCollection services, MachineLineOptions options) => services
        .AddSingleton(options)
        .AddSingleton<TunnelFetch>()
        .AddHostedService<MachineLines>();

    private static IServiceCollection AddReconciliation(this IServiceCollection services) => services
        .AddSingleton<Reconciler>()
        .AddHostedService<ReconcileService>()
        .AddHostedService<HeartbeatService>();
}
