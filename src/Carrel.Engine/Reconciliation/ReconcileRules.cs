using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;

namespace Carrel.Engine.Reconciliation;

/// <summary>What the reconciler does about one instance.</summary>
internal enum ReconcileAction
{
    /// <summary>Nothing: what is asked is what there is.</summary>
    Leave,

    /// <summary>Bring it back: it went down with its host.</summary>
    Recover,

    /// <summary>Call it Unusable: it was lost, or ended by itself.</summary>
    MarkUnusable,

    /// <summary>Take the machine away: nobody asks for it.</summary>
    RemoveMachine,

    /// <summary>Stop the machine: it should be off.</summary>
    StopMachine,
}

/// <summary>The decision and its reason.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Reason">Why, in a sentence for people.</param>
internal sealed record ReconcileDecision(ReconcileAction Action, string Reason);

/// <summary>
/// Compares an instance on which no operation runs with what its host has (design: after a restart of the machine or its engine the asked
/// state is brought back; a container that ends under a living engine makes the instance Unusable). Pure.
/// </summary>
internal static class ReconcileRules
{
    internal static ReconcileDecision Decide(InstanceState state, MachineStatus? machine) => state switch
    {
        InstanceState.Running or InstanceState.JobRunning or InstanceState.UserSetupFailed or InstanceState.SetupFailed or InstanceState.Unknown =>
            AskedUp(machine),
        InstanceState.Stopped when machine?.Phase == MachinePhase.Running =>
            new(ReconcileAction.StopMachine, "The instance is stopped and its machine runs."),
        InstanceState.CreateFailed when machine is not null =>
            new(ReconcileAction.RemoveMachine, "The creation failed and left a machine behind."),
        _ => new(ReconcileAction.Leave, "What is asked is what there is."),
    };

    private static ReconcileDecision AskedUp(MachineStatus? machine) => machine switch
    {
        { Phase: MachinePhase.Running } => new(ReconcileAction.Leave, "It runs."),
        { Phase: MachinePhase.Stopped, EndedWithEngine: true } => new(ReconcileAction.Recover, "It went down with its host."),
        { Phase: MachinePhase.Stopped } stopped =>
            new(ReconcileAction.MarkUnusable, $"Its machine ended by itself{(stopped.ExitReason is { } why ? $": {why}" : "")}. Restart it to use it again."),
        _ => new(ReconcileAction.MarkUnusable, "Its machine is gone from the host. Restart the instance to get a new one."),
    };
}
