using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Operations;

/// <summary>The events an operation writes.</summary>
internal static class OperationEvents
{
    private const string Computes = "Microsoft.MachineLearningServices/workspaces/computes/";
    private const string Workspaces = "Microsoft.MachineLearningServices/workspaces/";

    /// <summary>The resource provider operation of a kind (contract 7.4).</summary>
    internal static string ActionOf(OperationKind kind) => kind switch
    {
        OperationKind.Create or OperationKind.CreateStopped or OperationKind.Update => Computes + "write",
        OperationKind.Start or OperationKind.Recover => Computes + "start/action",
        OperationKind.Stop => Computes + "stop/action",
        OperationKind.Restart => Computes + "restart/action",
        OperationKind.Reimage => Computes + "reimage/action",
        OperationKind.Delete => Computes + "delete",
        OperationKind.Settle => "Carrel/reconcile",
        OperationKind.WorkspaceCreateOrUpdate => Workspaces + "write",
        OperationKind.WorkspaceDelete => Workspaces + "delete",
        OperationKind.GroupDelete => "Microsoft.Resources/subscriptions/resourceGroups/delete",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An operation without an action."),
    };

    /// <summary>It was accepted.</summary>
    internal static ActivityEvent Accepted(Operation operation, string? detail = null, EventLevel level = EventLevel.Informational) =>
        Event(operation, "Accepted", detail, operation.CreatedAt) with { Level = level };

    /// <summary>It ended in the moment of its acceptance.</summary>
    internal static ActivityEvent Complete(Operation operation, string? detail = null, EventLevel level = EventLevel.Informational) =>
        Event(operation, "Succeeded", detail, operation.CreatedAt) with { Level = level };

    /// <summary>It ended.</summary>
    internal static ActivityEvent Ended(Operation operation, string outcome, string? detail, Instant now) => Event(operation, outcome, detail, now) with
    {
        Level = outcome switch { "Failed" => EventLevel.Error, "Canceled" => EventLevel.Warning, _ => EventLevel.Informational },
    };

    /// <summary>A call changed one setting, at once and without an operation.</summary>
    internal static ActivityEvent SettingChanged(ComputeInstance before, ComputeInstanceModel after, InstanceCall call, CommandContext context, Instant now) => new(
        now,
        context.Caller,
        ActionOf(call),
        before.Address.ResourceId,
        "Succeeded",
        nameof(OperationTrigger.User),
        ChangeText.Of(ChangedMembers.Between(before.Model, after)).Detail
            + (before.Model.EnableSso && !after.EnableSso && call != InstanceCall.EnableSso
                ? " Single sign-on was switched off, because somebody else than the owner added a service."
                : ""),
        context.RequestId,
        context.CorrelationId) { ClientRequestId = context.ClientRequestId, UserAgent = context.UserAgent };

    private static string ActionOf(InstanceCall call) => Computes + call switch
    {
        InstanceCall.UpdateIdleShutdownSetting => "updateIdleShutdownSetting/action",
        InstanceCall.UpdateSchedules => "updateSchedules/action",
        InstanceCall.UpdateCustomServices => "updateCustomServices/action",
        InstanceCall.UpdateDataMounts => "updateDataMounts/action",
        InstanceCall.UpdateSshKey => "updateSshKey/action",
        InstanceCall.EnableSso => "enableSso/action",
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "Not a change of one setting."),
    };

    private static ActivityEvent Event(Operation operation, string outcome, string? detail, Instant at) => new(
        at,
        operation.StartedBy,
        ActionOf(operation.Kind),
        operation.Target,
        outcome,
        operation.Kind is OperationKind.Recover or OperationKind.Settle ? "Reconciler" : operation.Trigger.ToString(),
        detail,
        operation.Origin.RequestId,
        operation.CorrelationId)
    {
        OperationId = operation.Id,
        ClientRequestId = operation.Origin.ClientRequestId,
        UserAgent = operation.Origin.UserAgent,
    };
}
