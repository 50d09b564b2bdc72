using System.Text.Json;
using Carrel.Api.Operations;
using Carrel.Arm.Paging;
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
        new("Workspaces_CheckExistence", "HEAD", Patterns.Workspace, Actions.WorkspaceRead, Workspaces_Get),
        new("Workspaces_CreateOrUpdate", "PUT", Patterns.Workspace, Actions.WorkspaceWrite, Workspaces_CreateOrUpdate),
        new("Workspaces_Update", "PATCH", Patterns.Workspace, Actions.WorkspaceWrite, Workspaces_Update),
        new("Workspaces_Delete", "DELETE", Patterns.Workspace, Actions.WorkspaceDelete, Workspaces_Delete),
    ];

    private Task<ArmResult> Workspaces_ListBySubscription(ArmRequest request) => ListAsync(request, $"/subscriptions/{request.Route("subscriptionId")}/");

    private async Task<ArmResult> Workspaces_ListByResourceGroup(ArmRequest request) => await ListAsync(request, (await request.RequireGroupAsync(store)).ResourceId + "/");

    private async Task<ArmResult> ListAsync(ArmRequest request, string below)
    {
        string list = below + "workspaces";
        Page<Workspace> page = await Pages.FillAsync(
            PageRequest.Read(request, list),
            (after, limit) => store.ReadAsync(view => view.ListWorkspaces(new ListPart(below, after, limit)), request.Cancellation),
            workspace => ListPart.KeyOf(workspace.Address.ResourceId));
        return page.Answer(request, list, answers.Body);
    }

    private async Task<ArmResult> Workspaces_Get(ArmRequest request)
    {
        WorkspaceAddress address = request.WorkspaceAddress();
        Workspace? workspace = await store.ReadAsync(view => view.FindWorkspace(address), request.Cancellation);
        return workspace is null
            ? throw Refusals.ToArm(WorkspaceCommands.NotFound(address))
            : request.Resource(EntityTag.Of(workspace), workspace.Address.ResourceId, () => answers.Body(workspace));
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
        ArmResult result = OperationPaths.Accepted(
            request, outcome.IsNew ? 201 : 200, answers.Body(outcome.Workspace), outcome.Operation, outcome.Workspace.Location);
        return result.With("ETag", EntityTag.Of(outcome.Workspace));
    }

    private async Task<ArmResult> Workspaces_Update(ArmRequest request)
    {
        JsonElement body = await request.ReadObjectAsync();
        Workspace workspace = await Requests.RunAsync(() =>
            commands.UpdateAsync(request.WorkspaceAddress(), model => WorkspaceReader.Patch(model, body), request.Context(), request.Cancellation));
        return ArmResult.Ok(answers.Body(workspace)).With("ETag", EntityTag.Of(workspace));
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
