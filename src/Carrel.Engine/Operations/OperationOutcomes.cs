using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>What an instance looks like when an operation has begun, ended or failed (contract 1.4, 1.5). Pure.</summary>
internal static class OperationOutcomes
{
    /// <summary>The word of <c>lastOperation</c> for a kind, or null when the kind does not touch it.</summary>
    internal static OperationName? NameOf(OperationKind kind) => kind switch
    {
        OperationKind.Create or OperationKind.CreateStopped => OperationName.Create,
        OperationKind.Start => OperationName.Start,
        OperationKind.Stop => OperationName.Stop,
        OperationKind.Restart => OperationName.Restart,
        OperationKind.Reimage => OperationName.Reimage,
        OperationKind.Delete => OperationName.Delete,
        _ => null,
    };

    /// <summary>State while an operation runs that was accepted in the state <paramref name="before"/>.</summary>
    internal static InstanceState During(OperationKind kind, InstanceState before) => kind switch
    {
        OperationKind.Create or OperationKind.CreateStopped => InstanceState.Creating,
        OperationKind.Start or OperationKind.Recover => InstanceState.Starting,
        OperationKind.Stop => InstanceState.Stopping,
        OperationKind.Restart => InstanceState.Restarting,
        // The list of states has none for it: it shows the way to where it ends.
        OperationKind.Reimage => before == InstanceState.Stopped ? InstanceState.Stopping : InstanceState.Restarting,
        OperationKind.Delete => InstanceState.Deleting,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an operation on a machine."),
    };

    /// <summary>The state at acceptance.</summary>
    internal static ComputeInstanceState Begun(ComputeInstanceState state, OperationKind kind, OperationTrigger trigger, Instant now) => kind == OperationKind.Settle ? state : state with
    {
        State = During(kind, state.State),
        Provisioning = kind switch
        {
            OperationKind.Create or OperationKind.CreateStopped => ProvisioningState.Creating,
            OperationKind.Delete => ProvisioningState.Deleting,
            _ => state.Provisioning,
        },
        LastOperation = Last(state, kind, LastOperationOutcome.InProgress, trigger, now),
    };

    /// <summary>The state when an operation other than a deletion has succeeded.</summary>
    /// <param name="state">The state now.</param>
    /// <param name="context">The operation and what its steps found out.</param>
    /// <param name="now">The end.</param>
    internal static ComputeInstanceState Succeeded(ComputeInstanceState state, OperationContext context, Instant now)
    {
        Operation operation = context.Operation;
        if (operation.Kind == OperationKind.Settle)
            return state;
        bool up = EndsUp(operation);
        return state with
        {
            State = up ? InstanceState.Running : InstanceState.Stopped,
            Provisioning = ProvisioningState.Succeeded,
            LastOperation = Last(state, operation.Kind, LastOperationOutcome.Succeeded, operation.Trigger, now),
            Errors = context.Shortcoming is { } shortcoming ? [shortcoming] : null,
            ProvisioningErrors = null,
            PrivateAddress = up ? context.MachineAddress : null,
            ImageVersion = context.ImageVersion ?? state.ImageVersion,
        };
    }

    /// <summary>The state when an operation has failed.</summary>
    /// <param name="state">The state now; it tells how far the operation came.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="error">Why.</param>
    /// <param name="now">The end.</param>
    internal static ComputeInstanceState Failed(ComputeInstanceState state, Operation operation, InstanceError error, Instant now)
    {
        // The reconciler sees what is left and tries again.
        if (operation.Kind == OperationKind.Settle)
            return state;
        InstanceState end = operation.Kind switch
        {
            OperationKind.Stop or OperationKind.Delete => operation.PreviousState ?? InstanceState.Unknown,
            _ when state.State == InstanceState.SettingUp => InstanceState.SetupFailed,
            OperationKind.Create or OperationKind.CreateStopped => InstanceState.CreateFailed,
            OperationKind.Recover => InstanceState.Unusable,
            _ => InstanceState.Stopped,
        };
        bool creation = operation.Kind is OperationKind.Create or OperationKind.CreateStopped;
        return state with
        {
            State = end,
            Provisioning = creation || end == InstanceState.CreateFailed ? ProvisioningState.Failed : ProvisioningState.Succeeded,
            LastOperation = Last(state, operation.Kind, LastOperationOutcome.Failed, operation.Trigger, now),
            Errors = [error],
            ProvisioningErrors = creation ? [error] : null,
            // Kept wherever the machine may still run: without it no heartbeat could find it again.
            PrivateAddress = end is InstanceState.Stopped or InstanceState.CreateFailed or InstanceState.Unusable ? null : state.PrivateAddress,
        };
    }

    /// <summary>Whether the machine runs when an operation has succeeded. A reimage leaves a stopped instance stopped.</summary>
    internal static bool EndsUp(Operation operation) => operation.Kind switch
    {
        OperationKind.Stop or OperationKind.CreateStopped => false,
        OperationKind.Reimage => operation.PreviousState != InstanceState.Stopped,
        _ => true,
    };

    /// <summary>True when the machine must not be left behind in the state that a failure ends in.</summary>
    internal static bool RemovesMachine(InstanceState end) => end == InstanceState.CreateFailed;

    /// <summary>True when the machine must not run in the state that a failure ends in.</summary>
    internal static bool StopsMachine(InstanceState end) => end == InstanceState.Stopped;

    private static LastOperation? Last(
        ComputeInstanceState state, OperationKind kind, LastOperationOutcome outcome, OperationTrigger trigger, Instant now) =>
        NameOf(kind) is { } name ? new LastOperation(name, outcome, trigger, now) : state.LastOperation;
}
