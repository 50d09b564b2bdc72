using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Api.Authorization;
using Carrel.Api.Identities;
using Carrel.Api.Operations;
using Carrel.Arm.Errors;
using Carrel.Arm.Paging;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;

namespace Carrel.Api.Computes;

/// <summary>Compute instances (contract 1.6). Methods bear the names of the API description.</summary>
public sealed class ComputeApi(
    IEngineStore store, InstanceWrites writes, InstancePatches patches, InstanceCommands commands, IDirectoryStore directory, ComputeAnswers answers, IdentityRights identities, LinkedResources linked, ShownLinks shown)
{
    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("Compute_List", "GET", Patterns.Computes, Actions.ComputeRead, Compute_List),
        new("Compute_Get", "GET", Patterns.Compute, Actions.ComputeRead, Compute_Get),
        new("Compute_CheckExistence", "HEAD", Patterns.Compute, Actions.ComputeRead, Compute_Get),
        new("Compute_CreateOrUpdate", "PUT", Patterns.Compute, Actions.ComputeWrite, Compute_CreateOrUpdate),
        new("Compute_Update", "PATCH", Patterns.Compute, Actions.ComputeWrite, Compute_Update),
        new("Compute_Delete", "DELETE", Patterns.Compute, Actions.ComputeDelete, Compute_Delete),
        new("Compute_Start", "POST", Patterns.Compute + "/start", Actions.ComputeStart, request => CallAsync(request, commands.StartAsync)),
        new("Compute_Stop", "POST", Patterns.Compute + "/stop", Actions.ComputeStop, request => CallAsync(request, commands.StopAsync)),
        new("Compute_Restart", "POST", Patterns.Compute + "/restart", Actions.ComputeRestart, request => CallAsync(request, commands.RestartAsync)),
        new("Compute_Reimage", "POST", Patterns.Compute + "/reimage", Actions.ComputeReimage, request => CallAsync(request, commands.ReimageAsync)),
    ];

    private async Task<ArmResult> Compute_List(ArmRequest request)
    {
        Workspace workspace = await request.RequireParentAsync(store);
        string below = workspace.Address.ResourceId + "/computes/";
        Page<ComputeInstance> page = await Pages.FillAsync(
            PageRequest.Read(request, below),
            (after, limit) => store.ReadAsync(view => view.ListInstances(new ListPart(below, after, limit)), request.Cancellation),
            instance => ListPart.KeyOf(instance.Address.ResourceId));
        IReadOnlySet<Guid> links = await shown.AmongAsync(request, page.Rows);
        return page.Answer(request, below, instance => answers.Body(instance, links.Contains(instance.Uid)));
    }

    private async Task<ArmResult> Compute_Get(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        ComputeInstance instance = await request.RequireInstanceAsync(store);
        bool links = await shown.ToAsync(request, instance);
        return request.Resource(EntityTag.Of(instance), instance.Address.ResourceId, () => answers.Body(instance, links));
    }

    private async Task<ArmResult> Compute_CreateOrUpdate(ArmRequest request)
    {
        Workspace workspace = await request.RequireParentAsync(store);
        JsonElement body = await request.ReadObjectAsync();
        CommandContext context = await ContextAsync(request, body);
        InstanceWriteOutcome outcome = await Requests.RunAsync(() =>
            writes.CreateOrUpdateAsync(request.InstanceAddress(), body, id => FindAssigneeAsync(id, request.Cancellation), context, request.Cancellation));
        ArmResult result = OperationPaths.Accepted(
            request, outcome.IsNew ? 201 : 200, answers.Accepted(outcome.Instance, outcome.Operation, await shown.ToAsync(request, outcome.Instance)), outcome.Operation, workspace.Location);
        return Warnings.Add(result.With("ETag", EntityTag.Of(outcome.Instance)), outcome, body, workspace.Location);
    }

    private async Task<ArmResult> Compute_Update(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        JsonElement body = await request.ReadObjectAsync();
        CommandContext context = await ContextAsync(request, body);
        InstancePatchOutcome outcome = await Requests.RunAsync(() => patches.UpdateAsync(request.InstanceAddress(), body, context, request.Cancellation));
        return Warnings.Add(ArmResult.Ok(answers.Body(outcome.Instance, await shown.ToAsync(request, outcome.Instance))).With("ETag", EntityTag.Of(outcome.Instance)), Warnings.OfMade(outcome.MadeIdentities));
    }

    private async Task<ArmResult> Compute_Delete(ArmRequest request)
    {
        Workspace workspace = await request.RequireParentAsync(store);
        RequireDelete(request.Query("underlyingResourceAction"));
        Operation? operation = await Requests.RunAsync(() => commands.DeleteAsync(request.InstanceAddress(), request.Context(), request.Cancellation));
        return operation is null ? ArmResult.NoContent : OperationPaths.Accepted(request, 202, null, operation, workspace.Location);
    }

    private async Task<ArmResult> CallAsync(ArmRequest request, Func<InstanceAddress, CommandContext, CancellationToken, Task<Operation>> call)
    {
        Workspace workspace = await request.RequireParentAsync(store);
        Operation operation = await Requests.RunAsync(() => call(request.InstanceAddress(), request.Context(), request.Cancellation));
        return OperationPaths.Accepted(request, 202, null, operation, workspace.Location);
    }

    private async Task<CommandContext> ContextAsync(ArmRequest request, JsonElement body) =>
        identities.Context(request) with { Linked = await linked.OfAsync(request, body) };

    private async Task<Assignee> FindAssigneeAsync(Guid objectId, CancellationToken cancellation) =>
        await directory.FindUserAsync(objectId, cancellation) is { } person
            ? new Assignee(person.UserName)
            : new Assignee(null, (await directory.FindPrincipalAsync(objectId, cancellation))?.Type switch
            {
                PrincipalType.Group => "group",
                PrincipalType.ServicePrincipal => "service principal",
                _ => null,
            });

    // Absent means Delete: generic clients never send it (contract 1.6).
    private static void RequireDelete(string? action)
    {
        if (action is null || action.Equals("Delete", StringComparison.OrdinalIgnoreCase))
            return;
        throw action.Equals("Detach", StringComparison.OrdinalIgnoreCase)
            ? new ArmException(400, "DetachNotSupported", "A compute instance cannot be detached: send underlyingResourceAction=Delete, or leave it out.", "underlyingResourceAction")
            : new ArmException(400, "InvalidUnderlyingResourceAction", "underlyingResourceAction is Delete or Detach.", "underlyingResourceAction");
    }
}
