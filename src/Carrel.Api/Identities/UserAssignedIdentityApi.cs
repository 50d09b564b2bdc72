using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Api.Workspaces;
using Carrel.Arm.Errors;
using Carrel.Arm.Paging;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;

namespace Carrel.Api.Identities;

/// <summary>User-assigned managed identities as resources (contract 9.3; wire 7). Methods bear the names of the API description.</summary>
public sealed class UserAssignedIdentityApi(IEngineStore store, IdentityCommands commands, ApiOptions options)
{
    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("UserAssignedIdentities_ListBySubscription", "GET", Patterns.Subscription + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities", Actions.IdentityRead, UserAssignedIdentities_ListBySubscription),
        new("UserAssignedIdentities_ListByResourceGroup", "GET", Patterns.Identities, Actions.IdentityRead, UserAssignedIdentities_ListByResourceGroup),
        new("UserAssignedIdentities_Get", "GET", Patterns.Identity, Actions.IdentityRead, UserAssignedIdentities_Get),
        new("UserAssignedIdentities_CheckExistence", "HEAD", Patterns.Identity, Actions.IdentityRead, UserAssignedIdentities_Get),
        new("UserAssignedIdentities_CreateOrUpdate", "PUT", Patterns.Identity, Actions.IdentityWrite, UserAssignedIdentities_CreateOrUpdate),
        new("UserAssignedIdentities_Update", "PATCH", Patterns.Identity, Actions.IdentityWrite, UserAssignedIdentities_Update),
        new("UserAssignedIdentities_Delete", "DELETE", Patterns.Identity, Actions.IdentityDelete, UserAssignedIdentities_Delete),
    ];

    private Task<ArmResult> UserAssignedIdentities_ListBySubscription(ArmRequest request) =>
        ListAsync(request, $"/subscriptions/{request.Route("subscriptionId")}/");

    private async Task<ArmResult> UserAssignedIdentities_ListByResourceGroup(ArmRequest request) =>
        await ListAsync(request, (await request.RequireGroupAsync(store)).ResourceId + "/");

    private async Task<ArmResult> ListAsync(ArmRequest request, string below)
    {
        Page<UserAssignedIdentity> page = await Pages.FillAsync(
            PageRequest.Read(request, below),
            (after, limit) => store.ReadAsync(view => view.ListIdentities(new ListPart(below, after, limit)), request.Cancellation),
            identity => ListPart.KeyOf(identity.Address.ResourceId));
        return page.Answer(request, below, Body);
    }

    private async Task<ArmResult> UserAssignedIdentities_Get(ArmRequest request)
    {
        await request.RequireGroupAsync(store);
        IdentityAddress address = Address(request);
        UserAssignedIdentity identity = await store.ReadAsync(view => view.FindIdentity(address.ResourceId), request.Cancellation)
            ?? throw new ArmException(404, "ResourceNotFound", $"The identity '{address.Name}' was not found in resource group '{address.ResourceGroup}'.", address.ResourceId);
        return request.Resource(EntityTag.Of(identity), identity.Address.ResourceId, () => Body(identity));
    }

    private async Task<ArmResult> UserAssignedIdentities_CreateOrUpdate(ArmRequest request)
    {
        await request.RequireGroupAsync(store);
        JsonElement body = await request.ReadObjectAsync();
        IdentityAddress address = Address(request);
        if (!IdentityAddress.IsName(address.Name))
            throw new ArmException(400, "InvalidResourceName", $"The identity name '{address.Name}' must have 3 to 128 letters, digits, '_' or '-'.", "name");
        string location = WorkspaceReader.Location(body)
            ?? throw new ArmException(400, "LocationRequired", "The location property is required for this definition.", "location");
        IReadOnlyDictionary<string, string> tags = WorkspaceReader.Tags(body) ?? [];
        IdentityWriteOutcome outcome = await Requests.RunAsync(() => commands.CreateOrUpdateAsync(address, location, tags, request.Context(), request.Cancellation));
        return new ArmResult(outcome.IsNew ? 201 : 200, Body(outcome.Identity)).With("ETag", EntityTag.Of(outcome.Identity));
    }

    private async Task<ArmResult> UserAssignedIdentities_Update(ArmRequest request)
    {
        await request.RequireGroupAsync(store);
        JsonElement body = await request.ReadObjectAsync();
        UserAssignedIdentity identity = await Requests.RunAsync(() => commands.UpdateAsync(
            Address(request), WorkspaceReader.Location(body), WorkspaceReader.Tags(body), request.Context(), request.Cancellation));
        return ArmResult.Ok(Body(identity)).With("ETag", EntityTag.Of(identity));
    }

    private async Task<ArmResult> UserAssignedIdentities_Delete(ArmRequest request)
    {
        bool deleted = await Requests.RunAsync(() => commands.DeleteAsync(Address(request), request.Context(), request.Cancellation));
        return deleted ? new ArmResult(200) : ArmResult.NoContent;
    }

    private JsonObject Body(UserAssignedIdentity identity) => IdentityAnswers.Body(identity, options.TenantId);

    private static IdentityAddress Address(ArmRequest request) => new(request.Route("subscriptionId"), request.Route("resourceGroupName"), request.Route("resourceName"));
}
