using System.Text.Json;
using System.Text.RegularExpressions;
using Carrel.Api.Operations;
using Carrel.Api.Resources;
using Carrel.Api.Workspaces;
using Carrel.Arm.Errors;
using Carrel.Arm.Filters;
using Carrel.Arm.Paging;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;

namespace Carrel.Api.ResourceGroups;

/// <summary>Resource groups (wire 6). Methods bear the names of the API description.</summary>
public sealed partial class ResourceGroupApi(IEngineStore store, GroupCommands commands)
{
    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("ResourceGroups_List", "GET", Patterns.Subscription + "/resourceGroups", Actions.ResourceGroupRead, ResourceGroups_List),
        new("ResourceGroups_Get", "GET", Patterns.ResourceGroup, Actions.ResourceGroupRead, ResourceGroups_Get),
        new("ResourceGroups_CheckExistence", "HEAD", Patterns.ResourceGroup, Actions.ResourceGroupRead, ResourceGroups_Get),
        new("ResourceGroups_CreateOrUpdate", "PUT", Patterns.ResourceGroup, Actions.ResourceGroupWrite, ResourceGroups_CreateOrUpdate),
        new("ResourceGroups_Update", "PATCH", Patterns.ResourceGroup, Actions.ResourceGroupWrite, ResourceGroups_Update),
        new("ResourceGroups_Delete", "DELETE", Patterns.ResourceGroup, Actions.ResourceGroupDelete, ResourceGroups_Delete),
    ];

    private async Task<ArmResult> ResourceGroups_List(ArmRequest request)
    {
        string below = $"/subscriptions/{request.Route("subscriptionId")}/resourceGroups/";
        IReadOnlyList<FilterClause> filter = FilterText.Parse(request.Query("$filter"));
        TagFilter tags = TagFilter.Take(filter, out IReadOnlyList<FilterClause> others);
        if (others.Any(clause => !clause.Is("name")))
            throw FilterText.Refused($"resource groups have no field '{others.First(clause => !clause.Is("name")).Field}'; there are name, tagName and tagValue");
        Page<ResourceGroup> page = await Pages.FillAsync(
            PageRequest.Read(request, below),
            (after, limit) => store.ReadAsync(view => view.ListResourceGroups(new ListPart(below, after, limit)), request.Cancellation),
            group => ListPart.KeyOf(group.ResourceId),
            filter.Count == 0 ? null : group => ValueTask.FromResult(tags.Holds(group.Tags) && others.All(clause => clause.Holds(group.Name))));
        return page.Answer(request, below, ResourceGroupAnswers.Body);
    }

    private async Task<ArmResult> ResourceGroups_Get(ArmRequest request)
    {
        ResourceGroup group = await request.RequireGroupAsync(store);
        return request.Resource(EntityTag.Of(group), group.ResourceId, () => ResourceGroupAnswers.Body(group));
    }

    private async Task<ArmResult> ResourceGroups_CreateOrUpdate(ArmRequest request)
    {
        JsonElement body = await request.ReadObjectAsync();
        string name = request.Route("resourceGroupName");
        if (!NamePattern().IsMatch(name))
            throw new ArmException(400, "InvalidResourceGroupName", $"The resource group name '{name}' must have 1 to 90 letters, digits, '_', '-', '(', ')' or '.', and must not end with a dot.", "resourceGroupName");
        string location = WorkspaceReader.Location(body)
            ?? throw new ArmException(400, "LocationRequired", "The location property is required for this definition.", "location");
        IReadOnlyDictionary<string, string> tags = WorkspaceReader.Tags(body) ?? [];
        GroupWriteOutcome outcome = await Requests.RunAsync(() =>
            commands.CreateOrUpdateAsync(request.Route("subscriptionId"), name, location, tags, request.Context(), request.Cancellation));
        return new ArmResult(outcome.IsNew ? 201 : 200, ResourceGroupAnswers.Body(outcome.Group)).With("ETag", EntityTag.Of(outcome.Group));
    }

    private async Task<ArmResult> ResourceGroups_Update(ArmRequest request)
    {
        JsonElement body = await request.ReadObjectAsync();
        IReadOnlyDictionary<string, string>? tags = WorkspaceReader.Tags(body);
        ResourceGroup group = await Requests.RunAsync(() =>
            commands.UpdateAsync(request.Route("subscriptionId"), request.Route("resourceGroupName"), tags, request.Context(), request.Cancellation));
        return ArmResult.Ok(ResourceGroupAnswers.Body(group)).With("ETag", EntityTag.Of(group));
    }

    private async Task<ArmResult> ResourceGroups_Delete(ArmRequest request)
    {
        Operation operation = await Requests.RunAsync(() =>
            commands.DeleteAsync(request.Route("subscriptionId"), request.Route("resourceGroupName"), request.Context(), request.Cancellation));
        return OperationPaths.Accepted(request, 202, null, operation);
    }

    [GeneratedRegex(@"\A[\p{L}\p{Nd}_().-]{0,89}[\p{L}\p{Nd}_()-]\z")]
    private static partial Regex NamePattern();
}
