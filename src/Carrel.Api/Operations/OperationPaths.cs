using Carrel.Arm.Operations;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Operations;
using System.Text.Json.Nodes;

namespace Carrel.Api.Operations;

/// <summary>Where an operation is polled (wire 4).</summary>
internal static class OperationPaths
{
    /// <summary>An answer with the three long-running headers, for an operation on a workspace or compute.</summary>
    internal static ArmResult Accepted(ArmRequest request, int status, JsonNode? body, Operation operation, string location)
    {
        string kind = operation.Kind is OperationKind.WorkspaceCreateOrUpdate or OperationKind.WorkspaceDelete ? "workspace" : "compute";
        string root = $"/subscriptions/{operation.SubscriptionId}/providers/Microsoft.MachineLearningServices/locations/{location}/{kind}";
        return LongRunning.Accepted(request, status, body, $"{root}OperationsStatus/{operation.Id:D}", $"{root}OperationResults/{operation.Id:D}");
    }

    /// <summary>The same for an operation on a resource group.</summary>
    internal static ArmResult Accepted(ArmRequest request, int status, JsonNode? body, Operation operation)
    {
        string root = $"/subscriptions/{operation.SubscriptionId}";
        return LongRunning.Accepted(request, status, body, $"{root}/operationstatuses/{operation.Id:D}", $"{root}/operationresults/{operation.Id:D}");
    }
}
