using Carrel.AgentProtocol;
using Carrel.Engine.Agents;
using Carrel.Engine.Lines;
using Carrel.Engine.Machines;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;

namespace Carrel.Engine.Operations;

/// <summary>The steps of operations on one instance; search a step's recorded name to find what it does.</summary>
internal sealed class InstanceSteps(
    IEngineStore store, IInstanceHost host, IAgentConnector agents, MachineSecrets secrets, MachineSpecFactory specs, HostFacts facts, MachineSettingsSource settings, MachineArrivals arrivals, EngineOptions options)
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    /// <summary>The steps of an operation, in order.</summary>
    internal IReadOnlyList<OperationStep> For(Operation operation) => operation.Kind switch
    {
        OperationKind.Create or OperationKind.Start or OperationKind.Recover => BringUp,
        OperationKind.CreateStopped => Make,
        OperationKind.Restart => [new OperationStep(nameof(StopMachine), StopMachine, Once: true), .. BringUp],
        OperationKind.Stop => [new OperationStep(nameof(StopMachine), StopMachine)],
        // Once it was recorded, the machine that is there is the new one.
        OperationKind.Reimage => [new OperationStep(nameof(RemoveMachine), RemoveMachine, Once: true), .. OperationOutcomes.EndsUp(operation) ? BringUp : Make],
        OperationKind.Settle => [new OperationStep(nameof(SettleMachine), SettleMachine)],
        OperationKind.Delete => [new OperationStep(nameof(DeleteMachine), DeleteMachine), new OperationStep(nameof(DeleteSubnet), DeleteSubnet)],
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "Not an operation on a machine."),
    };

    private IReadOnlyList<OperationStep> Make =>
    [
        new(nameof(EnsureNetwork), EnsureNetwork),
        new(nameof(EnsureMachine), EnsureMachine),
    ];

    private IReadOnlyList<OperationStep> BringUp =>
    [
        .. Make,
        // From here on the node is up: what fails later is a failure of the set-up (contract 1.4).
        new(nameof(StartMachine), StartMachine, InstanceState.SettingUp),
        new(nameof(ConfigureMachine), ConfigureMachine),
        new(nameof(AwaitApplications), AwaitApplications),
    ];

    private async Task EnsureNetwork(OperationContext context, CancellationToken cancellation) =>
        await host.EnsureNetworkAsync((await SpecAsync(context, cancellation)).Network, cancellation);

    private async Task EnsureMachine(OperationContext context, CancellationToken cancellation)
    {
        MachineSpec machine = await RequireCapacityAsync(context, cancellation);
        context.ImageVersion = (await host.EnsureMachineAsync(machine, cancellation)).ImageVersion;
    }

    private async Task<MachineSpec> RequireCapacityAsync(OperationContext context, CancellationToken cancellation)
    {
        ComputeInstance instance = await InstanceAsync(context, cancellation);
        MachineSpec machine = specs.For(instance);
        await facts.RefreshAsync(cancellation);
        return options.Capacity == CapacityPolicy.Refuse
            && CapacityRules.Shortfall(instance.Model.VmSize, machine.Processors, machine.MemoryBytes, facts.Capacity!) is { } shortfall
            ? throw new OperationFailedException(
                "InsufficientCapacity",
                $"{shortfall} Give the host more, let the operator set CARREL_CAPACITY=overcommit, or create the instance anew with a smaller size.")
            : machine;
    }

    private async Task StartMachine(OperationContext context, CancellationToken cancellation)
    {
        MachineStatus status = await host.StartMachineAsync(context.Operation.TargetUid, cancellation);
        context.MachineAddress = status.Address
            ?? throw new OperationFailedException("MachineHasNoAddress", "The machine started without an address on its network. Restart the instance; if that does not help, look at the Docker engine's log.");
        context.ImageVersion = status.ImageVersion;
    }

    private async Task ConfigureMachine(OperationContext context, CancellationToken cancellation)
    {
        ComputeInstance instance = await InstanceAsync(context, cancellation);
        MachineSettings wanted = await settings.OfAsync(instance, cancellation);
        // First, so that what runs inside as soon as it is configured can ask the server.
        arrivals.Announce(new MachineArrival(instance.Uid, context.MachineAddress!, wanted));
        await using IAgent agent = await ConnectAsync(context, cancellation);
        AgentHealth health = await agent.ConfigureAsync(wanted, cancellation);
        context.Shortcoming = DiskRule.ErrorOf(health);
    }

    private async Task AwaitApplications(OperationContext context, CancellationToken cancellation)
    {
        await using IAgent agent = await ConnectAsync(context, cancellation);
        Readiness readiness = await agent.WaitUntilReadyAsync(options.ApplicationDeadline, cancellation);
        if (!readiness.Ready)
            throw new OperationFailedException("ApplicationsNotReady", $"JupyterLab did not answer within {options.ApplicationDeadline.TotalSeconds:0} seconds: {readiness.Reason}");
    }

    private async Task StopMachine(OperationContext context, CancellationToken cancellation) =>
        await host.StopMachineAsync(context.Operation.TargetUid, StopGrace, cancellation);

    private async Task RemoveMachine(OperationContext context, CancellationToken cancellation)
    {
        // A machine that could not be made again is not taken away.
        await RequireCapacityAsync(context, cancellation);
        await StopMachine(context, cancellation);
        await DeleteMachine(context, cancellation);
    }

    private async Task SettleMachine(OperationContext context, CancellationToken cancellation)
    {
        if ((await InstanceAsync(context, cancellation)).State.State == InstanceState.CreateFailed)
            await DeleteMachine(context, cancellation);
        else
            await StopMachine(context, cancellation);
    }

    private async Task DeleteMachine(OperationContext context, CancellationToken cancellation) =>
        await host.DeleteMachineAsync(context.Operation.TargetUid, cancellation);

    // With the last instance that names it; what was made since for a new one is made again by that one.
    private async Task DeleteSubnet(OperationContext context, CancellationToken cancellation)
    {
        Guid uid = context.Operation.TargetUid;
        if (await store.ReadAsync(view => view.FindInstance(uid), cancellation) is not { Model.SubnetId: { } subnet })
            return;
        IReadOnlyList<ComputeInstance> users = await store.ReadAsync(view => view.ListInstancesInSubnet(subnet), cancellation);
        if (users.All(user => user.Uid == uid))
            await host.DeleteNetworkAsync(SubnetNetwork.Of(subnet).Id, cancellation);
    }

    private Task<IAgent> ConnectAsync(OperationContext context, CancellationToken cancellation) =>
        agents.ConnectAsync(new AgentEndpoint(context.MachineAddress!), secrets.Of(context.Operation.TargetUid), cancellation);

    private async Task<MachineSpec> SpecAsync(OperationContext context, CancellationToken cancellation) =>
        specs.For(await InstanceAsync(context, cancellation));

    private Task<ComputeInstance> InstanceAsync(OperationContext context, CancellationToken cancellation) => store.ReadAsync(
        view => view.FindInstance(context.Operation.TargetUid)
            ?? throw new InvalidOperationException($"Operation {context.Operation.Id} has no instance."),
        cancellation);
}
