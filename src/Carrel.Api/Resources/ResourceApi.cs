using Carrel.Api.Computes;
using Carrel.Api.Workspaces;
using Carrel.Arm.Paging;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Storage;

namespace Carrel.Api.Resources;

/// <summary>
/// The generic lists of resources (wire 6). One resource by its id needs nothing generic: its own route answers, since generic clients send
/// exactly its path.
/// </summary>
public sealed class ResourceApi(IEngineStore store, WorkspaceAnswers workspaces, ComputeAnswers computes, ApiOptions options)
{
    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("Resources_List", "GET", Patterns.Subscription + "/resources", Actions.ResourcesRead, Resources_List),
        new("Resources_ListByResourceGroup", "GET", Patterns.ResourceGroup + "/resources", Actions.GroupResourcesRead, Resources_ListByResourceGroup),
    ];

    private Task<ArmResult> Resources_List(ArmRequest request) => ListAsync(request, null);

    private async Task<ArmResult> Resources_ListByResourceGroup(ArmRequest request) => await ListAsync(request, (await request.RequireGroupAsync(store)).Name);

    private async Task<ArmResult> ListAsync(ArmRequest request, string? group)
    {
        ResourceFilter filter = ResourceFilter.Read(request.Query("$filter"));
        HashSet<string> expand = new((request.Query("$expand") ?? "").Split(',', StringSplitOptions.TrimEntries), StringComparer.OrdinalIgnoreCase);
        string subscription = $"/subscriptions/{request.Route("subscriptionId")}/";
        string list = group is null ? subscription : $"{subscription}resourceGroups/{group}/";
        string below = (group ?? filter.Group) is { } only ? $"{subscription}resourceGroups/{only}/" : subscription;
        Page<ListedResource> page = await Pages.FillAsync(
            PageRequest.Read(request, list),
            (after, limit) => store.ReadAsync(view => Part(view, filter, new ListPart(below, after, limit)), request.Cancellation),
            resource => resource.Key,
            resource => ValueTask.FromResult(filter.Holds(resource)));
        return page.Answer(request, list, resource => resource.Row(expand));
    }

    // Every kind is cut in the store by the same key, so the first rows of all of them together are the first rows of the whole.
    private IReadOnlyList<ListedResource> Part(IEngineView view, ResourceFilter filter, ListPart part) =>
    [
        .. (filter.Allows(ListedResource.WorkspaceType) ? view.ListWorkspaces(part) : []).Select(workspace => ListedResource.Of(workspace, workspaces))
            .Concat((filter.Allows(ListedResource.ComputeType) ? view.ListInstances(part) : []).Select(instance => ListedResource.Of(instance, computes)))
            .Concat((filter.Allows(ListedResource.IdentityType) ? view.ListIdentities(part) : []).Select(identity => ListedResource.Of(identity, options)))
            .OrderBy(resource => resource.Key, StringComparer.Ordinal)
            .Take(part.Limit),
    ];
}
