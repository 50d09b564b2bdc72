using System.Collections.Frozen;
using static Carrel.Instances.Lifecycle.InstanceState;

namespace Carrel.Instances.Lifecycle;

/// <summary>A call that needs a state (contract 1.4); the names are the words of a conflict's message.</summary>
public enum InstanceCall
{
    /// <summary>Start.</summary>
    Start,

    /// <summary>Stop.</summary>
    Stop,

    /// <summary>Restart.</summary>
    Restart,

    /// <summary>Delete.</summary>
    Delete,

    /// <summary>Replacement of the schedules.</summary>
    UpdateSchedules,

    /// <summary>Change of the idle period.</summary>
    UpdateIdleShutdownSetting,

    /// <summary>Single sign-on switched on or off.</summary>
    EnableSso,

    /// <summary>Replacement of the SSH key.</summary>
    UpdateSshKey,

    /// <summary>Replacement of the custom services.</summary>
    UpdateCustomServices,

    /// <summary>Data mounted or unmounted.</summary>
    UpdateDataMounts,

    /// <summary>PUT of an existing instance; in CreateFailed it is a creation with the new body.</summary>
    Update,

    /// <summary>Submission of a job.</summary>
    SubmitJob,

    /// <summary>An application or a terminal is opened.</summary>
    OpenApplication,

    /// <summary>The image replaced by the newest (contract 14).</summary>
    Reimage,
}

/// <summary>What a call leads to in a state.</summary>
public enum LifecycleOutcome
{
    /// <summary>It is done.</summary>
    Allowed,

    /// <summary>It is answered as success and changes nothing.</summary>
    NoOp,

    /// <summary>It is refused with 409 <c>ComputeOperationConflict</c>.</summary>
    Conflict,
}

/// <summary>Decision on a call in a state.</summary>
/// <param name="Outcome">What it leads to.</param>
/// <param name="Reason">Why; for a conflict a message that names call and state and says where it is allowed.</param>
public sealed record LifecycleDecision(LifecycleOutcome Outcome, string Reason);

/// <summary>Which call is legal in which state: the table of contract 1.4.</summary>
public static class LifecycleRules
{
    private static readonly InstanceState[] Steady = [Running, JobRunning, Stopped];
    private static readonly InstanceState[] Usable = [Running, JobRunning, UserSetupFailed];
    private static readonly InstanceState[] Up = [Running, JobRunning, UserSetupFailed, SetupFailed, Unusable, Unknown];

    private static readonly FrozenDictionary<InstanceCall, Row> Table = new Dictionary<InstanceCall, Row>
    {
        [InstanceCall.Start] = new([Stopped], [Running, JobRunning, Starting]),
        [InstanceCall.Stop] = new(Up, [Stopped, Stopping]),
        [InstanceCall.Restart] = new(Up, []),
        [InstanceCall.Delete] = new(AllBut(Deleting), [Deleting]),
        [InstanceCall.UpdateSchedules] = new([.. Steady, UserSetupFailed], []),
        [InstanceCall.UpdateIdleShutdownSetting] = new([.. Steady, UserSetupFailed], []),
        [InstanceCall.EnableSso] = new(Steady, []),
        [InstanceCall.UpdateSshKey] = new(Steady, []),
        [InstanceCall.UpdateCustomServices] = new(Steady, []),
        [InstanceCall.UpdateDataMounts] = new(Steady, []),
        [InstanceCall.Update] = new([.. Steady, UserSetupFailed, CreateFailed], []),
        [InstanceCall.SubmitJob] = new(AllBut(CreateFailed, Deleting), []),
        [InstanceCall.OpenApplication] = new(Usable, []),
        [InstanceCall.Reimage] = new([Stopped, Running], []),
    }.ToFrozenDictionary();

    /// <summary>Decides; pure.</summary>
    public static LifecycleDecision Decide(InstanceCall call, InstanceState state)
    {
        var row = Table[call];
        if (row.Allowed.Contains(state))
        {
            return new LifecycleDecision(LifecycleOutcome.Allowed, $"{call} is allowed in {state}.");
        }

        return row.NoOp.Contains(state)
            ? new LifecycleDecision(LifecycleOutcome.NoOp, $"{call} has nothing to do in {state}.")
            : new LifecycleDecision(
                LifecycleOutcome.Conflict,
                $"The operation {call} is not possible while the compute instance is {state}. It is possible in: {string.Join(", ", row.Allowed)}.");
    }

    private static InstanceState[] AllBut(params InstanceState[] states) => [.. Enum.GetValues<InstanceState>().Except(states)];

    private sealed record Row(InstanceState[] Allowed, InstanceState[] NoOp);
}
