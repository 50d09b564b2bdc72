using Carrel.Arm.Operations;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Operations;
using System.Text.Json.Nodes;

namespace Carrel.Api.Operations;

/// <summary>Where an operation is polled (wire 4).</summary>
internal static class OperationPaths
{
    /// <summary>An answer with the three long-running headers.</summary>
    internal static ArmResult Accepted(ArmRequest request, int status, JsonNode? body, Operation operation, string location)
    {
        string kind = operation.Kind is OperationKind.WorkspaceCreateOrUpdate or OperationKind.WorkspaceDelete ? "workspace" : "compute";
        string root = $"/subscriptions/{operation.SubscriptionId}/providers/Microsoft.MachineLearningServices/locations/{location}/{kind}";
        return LongRunning.Accepted(request, status, body, $"{root}OperationsStatus/{operation.Id:D}", $"{root}OperationResults/{operation.Id:D}");
    }
}
