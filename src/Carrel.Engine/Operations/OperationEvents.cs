using Carrel.Engine.Events;
using Carrel.Instances.Lifecycle;
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
        OperationKind.Create or OperationKind.Update => Computes + "write",
        OperationKind.Start or OperationKind.Recover => Computes + "start/action",
        OperationKind.Stop => Computes + "stop/action",
        OperationKind.Restart => Computes + "restart/action",
        OperationKind.Delete => Computes + "delete",
        OperationKind.Settle => "Carrel/reconcile",
        OperationKind.WorkspaceCreateOrUpdate => Workspaces + "write",
        OperationKind.WorkspaceDelete => Workspaces + "delete",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An operation without an action."),
    };

    /// <summary>It was accepted.</summary>
    internal static ActivityEvent Accepted(Operation operation, string requestId) =>
        Event(operation, "Accepted", null, operation.CreatedAt, requestId);

    /// <summary>It ended.</summary>
    internal static ActivityEvent Ended(Operation operation, string outcome, string? detail, Instant now) =>
        Event(operation, outcome, detail, now, "");

    private static ActivityEvent Event(Operation operation, string outcome, string? detail, Instant at, string requestId) => new(
        at,
        operation.StartedBy,
        ActionOf(operation.Kind),
        operation.Target,
        outcome,
        operation.Kind is OperationKind.Recover or OperationKind.Settle ? "Reconciler" : operation.Trigger.ToString(),
        detail,
        requestId,
        operation.CorrelationId);
}
