using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Arm.Errors;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Storage;
using Carrel.Instances.Naming;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;

namespace Carrel.Api.Computes;

/// <summary>Calls on compute instances that are complete when they answer (contract 1.3, 1.6): settings, questions and the refusals Azure's clients know.</summary>
public sealed class ComputeActionApi(IEngineStore store, InstanceSettings settings, ComputeAnswers answers)
{
    /// <summary>The route table. The published API has no name for <c>updateSchedules</c>, <c>updateSshKey</c> and the name check; those here are Carrel's.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        Post("Compute_UpdateIdleShutdownSetting", "updateIdleShutdownSetting", Actions.ComputeUpdateIdleShutdownSetting, request => ChangeAsync(request, settings.UpdateIdleTimeAsync)),
        Post("Compute_UpdateSchedules", "updateSchedules", Actions.ComputeUpdateSchedules, request => ChangeAsync(request, settings.UpdateSchedulesAsync)),
        Post("Compute_UpdateSshKey", "updateSshKey", Actions.ComputeApplicationAccess, request => ChangeAsync(request, settings.UpdateSshKeyAsync)),
        Post("Compute_UpdateSsoSettings", "enableSso", Actions.ComputeEnableSso, request => ChangeAsync(request, settings.UpdateSsoAsync)),
        Post("Compute_UpdateCustomServices", "customServices", Actions.ComputeUpdateCustomServices, request => ChangeAsync(request, settings.UpdateCustomServicesAsync, isList: true)),
        Post("Compute_UpdateDataMounts", "updateDataMounts", Actions.ComputeUpdateDataMounts, request => ChangeAsync(request, settings.UpdateDataMountsAsync, isList: true)),
        Post("Compute_Resize", "resize", Actions.ComputeResize, Compute_Resize),
        Post("Compute_GetAllowedResizeSizes", "getAllowedVmSizesForResize", Actions.ComputeGetAllowedSizes, Compute_GetAllowedResizeSizes),
        Post("Compute_ListKeys", "listKeys", Actions.ComputeListKeys, Compute_ListKeys),
        Post("Compute_ListNodes", "listNodes", Actions.ComputeListNodes, Compute_ListNodes),
        new("Compute_CheckNameAvailability", "POST", Patterns.Workspace + "/checkComputeNameAvailability", Actions.CheckComputeName, Compute_CheckNameAvailability),
    ];

    private static ArmOperation Post(string name, string call, string action, Func<ArmRequest, Task<ArmResult>> handler) =>
        new(name, "POST", $"{Patterns.Compute}/{call}", action, handler);

    private async Task<ArmResult> ChangeAsync(
        ArmRequest request, Func<InstanceAddress, JsonElement, CommandContext, CancellationToken, Task> change, bool isList = false)
    {
        await request.RequireParentAsync(store);
        JsonElement body = isList ? await request.ReadArrayAsync() : await request.ReadObjectAsync();
        await Requests.RunAsync(async () =>
        {
            await change(request.InstanceAddress(), body, request.Context(), request.Cancellation);
            return true;
        });
        return new ArmResult(200);
    }

    private async Task<ArmResult> Compute_Resize(ArmRequest request)
    {
        ComputeInstance instance = await FindAsync(request);
        throw new ArmException(
            400, FindingCodes.VmSizeImmutable, $"A compute instance keeps its size ({instance.Model.VmSize}): create another one with the size you need.", "targetVMSize");
    }

    private async Task<ArmResult> Compute_GetAllowedResizeSizes(ArmRequest request)
    {
        await FindAsync(request);
        return ArmResult.List([]);
    }

    private async Task<ArmResult> Compute_ListKeys(ArmRequest request)
    {
        ComputeInstance instance = await FindAsync(request);
        throw new ArmException(400, "ListKeysNotSupported", "A compute instance has no keys to list; sign in to use it.", instance.Address.ResourceId);
    }

    private async Task<ArmResult> Compute_ListNodes(ArmRequest request) => ArmResult.Ok(answers.Nodes(await FindAsync(request)));

    private async Task<ArmResult> Compute_CheckNameAvailability(ArmRequest request)
    {
        Workspace workspace = await request.RequireParentAsync(store);
        JsonElement body = await request.ReadObjectAsync();
        string name = RequiredName(body);
        bool taken = await store.ReadAsync(view => view.FindInstance(workspace.Location, name) is not null, request.Cancellation);
        var availability = NameAvailability.Of(name, workspace.Location, taken);
        var answer = new JsonObject { ["nameAvailable"] = availability.IsAvailable };
        if (!availability.IsAvailable)
        {
            answer["reason"] = availability.Reason;
            answer["message"] = availability.Message;
        }

        return ArmResult.Ok(answer);
    }

    // The type is not read: names are unique over computes of all types.
    private static string RequiredName(JsonElement body)
    {
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (member.Name.Equals("name", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.String)
                return member.Value.GetString()!;
        }

        throw new ArmException(400, FindingCodes.InvalidRequestBody, "The body needs the 'name' to be checked, a text.", "name");
    }

    private async Task<ComputeInstance> FindAsync(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        return await request.RequireInstanceAsync(store);
    }
}
