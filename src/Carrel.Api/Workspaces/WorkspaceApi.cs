using System.Text.Json;
using Carrel.Api.Operations;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;

namespace Carrel.Api.Workspaces;

/// <summary>Workspaces (contract 1.8). Methods bear the names of the API description.</summary>
public sealed class WorkspaceApi(IEngineStore store, WorkspaceCommands commands, WorkspaceAnswers answers, IWorkspaceLocations locations)
{
    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("Workspaces_ListBySubscription", "GET", Patterns.Subscription + "/providers/Microsoft.MachineLearningServices/workspaces", Actions.WorkspaceRead, Workspaces_ListBySubscription),
        new("Workspaces_ListByResourceGroup", "GET", Patterns.Workspaces, Actions.WorkspaceRead, Workspaces_ListByResourceGroup),
        new("Workspaces_Get", "GET", Patterns.Workspace, Actions.WorkspaceRead, Workspaces_Get),
        new("Workspaces_CreateOrUpdate", "PUT", Patterns.Workspace, Actions.WorkspaceWrite, Workspaces_CreateOrUpdate),
        new("Workspaces_Update", "PATCH", Patterns.Workspace, Actions.WorkspaceWrite, Workspaces_Update),
        new("Workspaces_Delete", "DELETE", Patterns.Workspace, Actions.WorkspaceDelete, Workspaces_Delete),
    ];

    private async Task<ArmResult> Workspaces_ListBySubscription(ArmRequest request)
    {
        IReadOnlyList<Workspace> found = await store.ReadAsync(view => view.ListWorkspaces(request.Route("subscriptionId")), request.Cancellation);
        return ArmResult.List(found.Select(answers.Body));
    }

    private async Task<ArmResult> Workspaces_ListByResourceGroup(ArmRequest request)
    {
        ResourceGroup group = await request.RequireGroupAsync(store);
        IReadOnlyList<Workspace> found = await store.ReadAsync(view => view.ListWorkspaces(group.SubscriptionId, group.Name), request.Cancellation);
        return ArmResult.List(found.Select(answers.Body));
    }

    private async Task<ArmResult> Workspaces_Get(ArmRequest request)
    {
        WorkspaceAddress address = request.WorkspaceAddress();
        Workspace? workspace = await store.ReadAsync(view => view.FindWorkspace(address), request.Cancellation);
        return workspace is null ? throw Refusals.ToArm(WorkspaceCommands.NotFound(address)) : ArmResult.Ok(answers.Body(workspace));
    }

    private async Task<ArmResult> Workspaces_CreateOrUpdate(ArmRequest request)
    {
        await request.RequireGroupAsync(store);
        JsonElement body = await request.ReadObjectAsync();
        WorkspaceAddress address = request.WorkspaceAddress();
        WorkspaceReader.RequireName(address.Name);
        WorkspaceModel model = WorkspaceReader.Model(body);
        WorkspaceWriteOutcome outcome = await Requests.RunAsync(() =>
            commands.CreateOrUpdateAsync(address, WorkspaceReader.Location(body), model, request.Context(), request.Cancellation));
        await locations.EnsureAsync(outcome.Workspace.Location);
        return OperationPaths.Accepted(
            request, outcome.IsNew ? 201 : 200, answers.Body(outcome.Workspace), outcome.Operation, outcome.Workspace.Location);
    }

    private async Task<ArmResult> Workspaces_Update(ArmRequest request)
    {
        JsonElement body = await request.ReadObjectAsync();
        Workspace workspace = await Requests.RunAsync(() =>
            commands.UpdateAsync(request.WorkspaceAddress(), model => WorkspaceReader.Patch(model, body), request.Context(), request.Cancellation));
        return ArmResult.Ok(answers.Body(workspace));
    }

    private async Task<ArmResult> Workspaces_Delete(ArmRequest request)
    {
        WorkspaceAddress address = request.WorkspaceAddress();
        Workspace? workspace = await store.ReadAsync(view => view.FindWorkspace(address), request.Cancellation);
        Operation? operation = await Requests.RunAsync(() => commands.DeleteAsync(address, request.Context(), request.Cancellation));
        return operation is null || workspace is null
            ? ArmResult.NoContent
            : OperationPaths.Accepted(request, 202, null, operation, workspace.Location);
    }
}
