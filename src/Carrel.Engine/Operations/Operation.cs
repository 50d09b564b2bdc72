using Carrel.Engine.Events;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>What an operation does.</summary>
public enum OperationKind
{
    /// <summary>Makes an instance and starts it.</summary>
    Create,

    /// <summary>Makes an instance and leaves it stopped, for its schedule or somebody to start (contract 3.5).</summary>
    CreateStopped,

    /// <summary>Starts an instance.</summary>
    Start,

    /// <summary>Stops an instance.</summary>
    Stop,

    /// <summary>Stops and starts an instance.</summary>
    Restart,

    /// <summary>Gives an instance a fresh machine from the newest image; its private disk is lost, everything else kept.</summary>
    Reimage,

    /// <summary>Removes an instance.</summary>
    Delete,

    /// <summary>Brings an instance back that went down with its host; not an operation anybody asked for.</summary>
    Recover,

    /// <summary>
    /// Takes away what a settled instance does not ask for: the machine of a failed creation, a stopped instance's running machine. Nobody
    /// asked for it either, so the next call on the instance takes its place.
    /// </summary>
    Settle,

    /// <summary>Changes settings of an instance; complete when it is recorded.</summary>
    Update,

    /// <summary>Makes or changes a workspace; complete when it is recorded.</summary>
    WorkspaceCreateOrUpdate,

    /// <summary>Removes a workspace with everything in it.</summary>
    WorkspaceDelete,

    /// <summary>Removes a resource group with everything in it.</summary>
    GroupDelete,
}

/// <summary>How an operation stands: the words of the ARM status answer.</summary>
public enum OperationStatus
{
    /// <summary>Going on.</summary>
    InProgress,

    /// <summary>Ended well: the end state is reached and visible.</summary>
    Succeeded,

    /// <summary>Failed; the error says why.</summary>
    Failed,

    /// <summary>Given up, because something newer took its place.</summary>
    Canceled,
}

/// <summary>One durable, resumable change (design: an operation is durable).</summary>
/// <param name="Id">Its id, part of its status URL.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Trigger">What caused it.</param>
/// <param name="TargetUid">Unique id of the instance, workspace or group it changes.</param>
/// <param name="Target">Resource id of that, which stays readable when it is gone.</param>
/// <param name="SubscriptionId">Subscription of the target.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Step">The last step that was completed, or null.</param>
/// <param name="PreviousState">State of the instance before, to go back to when it fails (contract 1.4).</param>
/// <param name="StartedBy">Who asked.</param>
/// <param name="CorrelationId">Ties together what one request led to.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="Error">Why it failed, or null.</param>
public sealed record Operation(
    Guid Id,
    OperationKind Kind,
    OperationTrigger Trigger,
    Guid TargetUid,
    string Target,
    string SubscriptionId,
    OperationStatus Status,
    string? Step,
    InstanceState? PreviousState,
    Principal StartedBy,
    string CorrelationId,
    Instant CreatedAt,
    Instant? EndedAt = null,
    InstanceError? Error = null)
{
    /// <summary>The request that asked for it.</summary>
    public RequestOrigin Origin { get; init; } = RequestOrigin.None;
}
