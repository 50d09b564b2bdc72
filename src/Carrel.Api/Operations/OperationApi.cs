using System.Text.Json.Nodes;
using Carrel.Api.Computes;
using Carrel.Api.Workspaces;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Operations;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using NodaTime.Text;
using NodaTime;

namespace Carrel.Api.Operations;

/// <summary>Status and result of long-running operations (wire 4; contract 1.6).</summary>
public sealed class OperationApi(IEngineStore store, IArmAuthorizer authorizer, ComputeAnswers computes, WorkspaceAnswers workspaces, ShownLinks shown)
{
    private const string Because = "who may poll is decided by the operation's target: its URL lies at the subscription, where no role is needed";

    /// <summary>The route table. No action: the URL lies at the subscription, where no role is needed; who may poll is decided by the target (contract 7.4).</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        ArmOperation.Open("ComputeOperationsStatus_Get", "GET", Patterns.Location + "/computeOperationsStatus/{operationId}", Because, Status_Get),
        ArmOperation.Open("ComputeOperationResults_Get", "GET", Patterns.Location + "/computeOperationResults/{operationId}", Because, Result_Get),
        ArmOperation.Open("WorkspaceOperationsStatus_Get", "GET", Patterns.Location + "/workspaceOperationsStatus/{operationId}", Because, Status_Get),
        ArmOperation.Open("WorkspaceOperationResults_Get", "GET", Patterns.Location + "/workspaceOperationResults/{operationId}", Because, Result_Get),
        ArmOperation.Open("ResourceGroupOperationStatuses_Get", "GET", Patterns.Subscription + "/operationstatuses/{operationId}", Because, Status_Get),
        ArmOperation.Open("ResourceGroupOperationResults_Get", "GET", Patterns.Subscription + "/operationresults/{operationId}", Because, Result_Get),
    ];

    private async Task<ArmResult> Status_Get(ArmRequest request)
    {
        Operation operation = await FindAsync(request);
        var body = new JsonObject
        {
            ["id"] = request.Http.Request.Path.Value,
            ["name"] = operation.Id.ToString("D"),
            ["status"] = operation.Status.ToString(),
            ["startTime"] = Time(operation.CreatedAt),
        };
        if (operation.EndedAt is { } ended)
            body["endTime"] = Time(ended);
        body["percentComplete"] = PercentComplete(operation);
        if (operation.Error is { } error)
            body["error"] = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
        ArmResult result = ArmResult.Ok(body);
        return operation.Status == OperationStatus.InProgress ? WithRetryAfter(request, result) : result;
    }

    private async Task<ArmResult> Result_Get(ArmRequest request)
    {
        Operation operation = await FindAsync(request);
        return operation.Status switch
        {
            OperationStatus.InProgress => WithRetryAfter(request, new ArmResult(202).With("Location", request.Url(request.Http.Request.Path.ToUriComponent()))),
            OperationStatus.Succeeded => await ResourceAsync(request, operation) is { } body ? ArmResult.Ok(body) : ArmResult.NoContent,
            OperationStatus.Failed => throw new ArmException(409, operation.Error?.Code ?? "OperationFailed", operation.Error?.Message ?? "The operation failed.", operation.Target),
            _ => throw new ArmException(409, "OperationCanceled", "The operation was canceled, because the resource is being deleted.", operation.Target),
        };
    }

    // Only calls that write a resource have one as their result; start, stop, restart and delete end without a body.
    private async Task<JsonObject?> ResourceAsync(ArmRequest request, Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Create or OperationKind.CreateStopped or OperationKind.Update:
                ComputeInstance? instance = await store.ReadAsync(view => view.FindInstance(operation.TargetUid), request.Cancellation);
                return instance is null ? null : computes.Body(instance, await shown.ToAsync(request, instance));
            case OperationKind.WorkspaceCreateOrUpdate:
                Workspace? workspace = await store.ReadAsync(view => view.FindWorkspace(operation.TargetUid), request.Cancellation);
                return workspace is null ? null : workspaces.Body(workspace);
            default:
                return null;
        }
    }

    // Its starter, and whoever may read its target (contract 7.4); others learn nothing of the target.
    private async Task<Operation> FindAsync(ArmRequest request)
    {
        Operation? operation = Guid.TryParse(request.Route("operationId"), out Guid id)
            ? await store.ReadAsync(view => view.FindOperation(id), request.Cancellation)
            : null;
        if (operation is null || !operation.SubscriptionId.Equals(request.Route("subscriptionId"), StringComparison.OrdinalIgnoreCase))
            throw new ArmException(404, "OperationNotFound", $"The operation '{request.Route("operationId")}' was not found. Operations stay readable for 24 hours after they end.", "operationId");
        return await MayPollAsync(request, operation)
            ? operation
            : throw AuthorizationErrors.Failed(request.Caller, ReadActionOf(operation), request.Http.Request.Path.Value ?? "/");
    }

    private async Task<bool> MayPollAsync(ArmRequest request, Operation operation)
    {
        if (operation.StartedBy.ObjectId == request.Caller.ObjectId)
            return true;
        return (await authorizer.AuthorizeAsync(request.Caller, ReadActionOf(operation), operation.Target, request.Cancellation)).Allowed;
    }

    private static string ReadActionOf(Operation operation) => operation.Kind switch
    {
        OperationKind.GroupDelete => Actions.ResourceGroupRead,
        OperationKind.WorkspaceCreateOrUpdate or OperationKind.WorkspaceDelete => Actions.WorkspaceRead,
        _ => Actions.ComputeRead,
    };

    private static double PercentComplete(Operation operation) => operation switch
    {
        { Status: OperationStatus.InProgress, Step: null } => 0,
        { Status: OperationStatus.InProgress } => 50,
        _ => 100,
    };

    private static ArmResult WithRetryAfter(ArmRequest request, ArmResult result)
    {
        (string name, string value) = LongRunning.RetryAfter(request);
        return result.With(name, value);
    }

    private static string Time(Instant instant) => InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fffffff'Z'").Format(instant);
}
