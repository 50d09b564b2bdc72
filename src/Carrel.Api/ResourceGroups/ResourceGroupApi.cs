using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Carrel.Api.Workspaces;
using Carrel.Arm.Errors;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Api.ResourceGroups;

/// <summary>Resource groups (wire 6). Deletion with content comes with the generic resource calls.</summary>
public sealed partial class ResourceGroupApi(IEngineStore store, TimeProvider time)
{
    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("ResourceGroups_List", "GET", Patterns.Subscription + "/resourceGroups", Actions.ResourceGroupRead, ResourceGroups_List),
        new("ResourceGroups_Get", "GET", Patterns.ResourceGroup, Actions.ResourceGroupRead, async request => ArmResult.Ok(Body(await request.RequireGroupAsync(store)))),
        new("ResourceGroups_CheckExistence", "HEAD", Patterns.ResourceGroup, Actions.ResourceGroupRead, ResourceGroups_CheckExistence),
        new("ResourceGroups_CreateOrUpdate", "PUT", Patterns.ResourceGroup, Actions.ResourceGroupWrite, ResourceGroups_CreateOrUpdate),
    ];

    private async Task<ArmResult> ResourceGroups_List(ArmRequest request) =>
        ArmResult.List((await store.ReadAsync(view => view.ListResourceGroups(request.Route("subscriptionId")), request.Cancellation)).Select(Body));

    private async Task<ArmResult> ResourceGroups_CheckExistence(ArmRequest request)
    {
        ResourceGroup? group = await store.ReadAsync(
            view => view.FindResourceGroup(request.Route("subscriptionId"), request.Route("resourceGroupName")), request.Cancellation);
        return new ArmResult(group is null ? 404 : 204);
    }

    private async Task<ArmResult> ResourceGroups_CreateOrUpdate(ArmRequest request)
    {
        JsonElement body = await request.ReadObjectAsync();
        string name = request.Route("resourceGroupName");
        if (!NamePattern().IsMatch(name))
            throw new ArmException(400, "InvalidResourceGroupName", $"The resource group name '{name}' must have 1 to 90 letters, digits, '_', '-', '(', ')' or '.', and must not end with a dot.", "resourceGroupName");
        string location = WorkspaceReader.Location(body)
            ?? throw new ArmException(400, "LocationRequired", "The location property is required for this definition.", "location");
        WorkspaceModel model = WorkspaceReader.Model(body);
        (ResourceGroup group, bool isNew) = await store.WriteAsync(
            transaction =>
            {
                ResourceGroup? existing = transaction.FindResourceGroup(request.Route("subscriptionId"), name);
                if (existing is not null && existing.Location != location)
                    throw new ArmException(409, "InvalidResourceGroupLocation", $"The resource group '{existing.Name}' exists already in location '{existing.Location}'.", "location");
                ResourceGroup saved = existing is null
                    ? new ResourceGroup(request.Route("subscriptionId"), name, location, model.Tags, Instant.FromDateTimeOffset(time.GetUtcNow()))
                    : existing with { Tags = model.Tags };
                transaction.Save(saved);
                return (saved, existing is null);
            },
            request.Cancellation);
        return new ArmResult(isNew ? 201 : 200, Body(group));
    }

    private static JsonObject Body(ResourceGroup group) => new()
    {
        ["id"] = $"/subscriptions/{group.SubscriptionId}/resourceGroups/{group.Name}",
        ["name"] = group.Name,
        ["type"] = "Microsoft.Resources/resourceGroups",
        ["location"] = group.Location,
        ["tags"] = ArmText.Map(group.Tags),
        ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" },
    };

    [GeneratedRegex(@"\A[\p{L}\p{Nd}_().-]{0,89}[\p{L}\p{Nd}_()-]\z")]
    private static partial Regex NamePattern();
}
