using System.Text.Json.Nodes;
using Carrel.Access.Directory.Administration;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory.Graph;

/// <summary>Groups of people, programs and other groups. A change counts with the next request.</summary>
internal static class GroupsApi
{
    private const string Kind = "group";
    private const int LongestDescription = 1024;

    internal static IEnumerable<(string Method, string Pattern, Func<GraphCall, Task<IResult>> Handler)> Operations =>
    [
        ("POST", "/v1.0/groups", Group_Create),
        ("GET", "/v1.0/groups", Group_List),
        ("GET", "/v1.0/groups/{id}", Group_Get),
        ("PATCH", "/v1.0/groups/{id}", Group_Update),
        ("DELETE", "/v1.0/groups/{id}", Group_Delete),
        ("GET", "/v1.0/groups/{id}/members", call => Group_ListMembers(call, false)),
        ("GET", "/v1.0/groups/{id}/transitiveMembers", call => Group_ListMembers(call, true)),
        ("POST", "/v1.0/groups/{id}/members/$ref", Group_AddMember),
        ("DELETE", "/v1.0/groups/{id}/members/{member}/$ref", Group_RemoveMember),
        ("GET", "/v1.0/groups/{id}/memberOf", Group_MemberOf),
        ("GET", "/v1.0/groups/{id}/owners", Group_ListOwners),
        ("POST", "/v1.0/groups/{id}/checkMemberGroups", Group_CheckMemberGroups),
        ("POST", "/v1.0/groups/{id}/getMemberGroups", Group_GetMemberGroups),
    ];

    /// <summary>The groups a principal belongs to.</summary>
    internal static async Task<IResult> ListOfAsync(GraphCall call, Guid objectId, bool transitive)
    {
        IReadOnlyList<Guid> ids = transitive
            ? await call.Directory.ListGroupsOfAsync(objectId, call.Cancellation)
            : await call.Directory.ListOwnGroupsAsync(objectId, call.Cancellation);
        IReadOnlyList<DirectoryGroup> all = await call.Directory.ListGroupsAsync(call.Cancellation);
        return GraphList.Answer(call, "directoryObjects", all.Where(group => ids.Contains(group.ObjectId)).Select(GraphView.Of));
    }

    private static async Task<IResult> Group_Create(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteGroup);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        var group = new DirectoryGroup(
            body.Id("id") ?? Guid.NewGuid(), body.DisplayName(required: true)!, Description(body), call.Services.Time.GetUtcNow());
        if (!await call.Directory.TryAddGroupAsync(group, call.Cancellation))
            throw GraphRefusal.BadRequest("Another object with the same value for property displayName or id already exists.");
        await call.Services.Events.ChangedAsync(call.Asker, DirectoryActions.WriteGroup, group.ObjectId, $"The group {group.DisplayName} was made.");
        return Results.Json(GraphView.Of(group), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Group_List(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        return GraphList.Answer(call, "groups", (await call.Directory.ListGroupsAsync(call.Cancellation)).Select(GraphView.Of));
    }

    private static async Task<IResult> Group_Get(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        return Results.Json(GraphView.Of(await RequireAsync(call)));
    }

    private static async Task<IResult> Group_Update(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteGroup);
        DirectoryGroup group = await RequireAsync(call);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        DirectoryGroup changed = group with { DisplayName = body.DisplayName(required: false) ?? group.DisplayName, Description = Description(body) ?? group.Description };
        if (!await call.Directory.TryUpdateGroupAsync(changed, call.Cancellation))
            throw GraphRefusal.BadRequest("Another object with the same value for property displayName already exists.");
        await call.Services.Events.ChangedAsync(call.Asker, DirectoryActions.WriteGroup, group.ObjectId, $"The group {group.DisplayName} was changed.");
        return Results.NoContent();
    }

    private static async Task<IResult> Group_Delete(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.DeleteGroup);
        DirectoryGroup group = await RequireAsync(call);
        await call.Directory.DeleteGroupAsync(group.ObjectId, call.Cancellation);
        await call.Services.Events.ChangedAsync(call.Asker, DirectoryActions.DeleteGroup, group.ObjectId, $"The group {group.DisplayName} was removed.");
        return Results.NoContent();
    }

    private static async Task<IResult> Group_ListMembers(GraphCall call, bool transitive)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        DirectoryGroup group = await RequireAsync(call);
        IReadOnlyList<Guid> ids = await call.Directory.ListMembersAsync(group.ObjectId, transitive, call.Cancellation);
        return GraphList.Answer(call, "directoryObjects", await DirectoryObjectsApi.DescribeAsync(call, ids.Order()));
    }

    private static async Task<IResult> Group_AddMember(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteMember);
        DirectoryGroup group = await RequireAsync(call);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        string reference = body.Text("@odata.id") ?? throw GraphRefusal.BadRequest("The body needs '@odata.id', the address of a directory object.");
        if (!Guid.TryParse(reference[(reference.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/'), out Guid member))
            throw GraphRefusal.BadRequest($"'@odata.id' has to end in the object id of the new member, such as {call.Services.Options.Origin}/v1.0/directoryObjects/11111111-2222-3333-4444-555555555555.");
        switch (await call.Directory.AddMemberAsync(group.ObjectId, member, call.Cancellation))
        {
            case MemberAddition.NoSuchGroup:
                throw GraphRefusal.NotFound(Kind, call.Route("id"));
            case MemberAddition.NoSuchMember:
                throw GraphRefusal.NotFound("user, group or service principal", member.ToString());
            case MemberAddition.AlreadyThere:
                throw GraphRefusal.BadRequest("One or more added object references already exist for the following modified properties: 'members'.");
            case MemberAddition.Cycle:
                throw GraphRefusal.BadRequest($"The group {group.DisplayName} would become a member of itself, directly or through other groups.");
        }

        await call.Services.Events.ChangedAsync(call.Asker, DirectoryActions.WriteMember, group.ObjectId, $"{await NameAsync(call, member)} was added to the group {group.DisplayName}.");
        return Results.NoContent();
    }

    private static async Task<IResult> Group_RemoveMember(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.DeleteMember);
        DirectoryGroup group = await RequireAsync(call);
        Guid member = call.Id("member", "member");
        if (!await call.Directory.RemoveMemberAsync(group.ObjectId, member, call.Cancellation))
            throw GraphRefusal.NotFound("member", member.ToString());
        await call.Services.Events.ChangedAsync(call.Asker, DirectoryActions.DeleteMember, group.ObjectId, $"{await NameAsync(call, member)} was taken out of the group {group.DisplayName}.");
        return Results.NoContent();
    }

    private static async Task<IResult> Group_MemberOf(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        return await ListOfAsync(call, (await RequireAsync(call)).ObjectId, false);
    }

    private static async Task<IResult> Group_ListOwners(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        await RequireAsync(call);
        return GraphList.Answer(call, "directoryObjects", []);
    }

    private static async Task<IResult> Group_CheckMemberGroups(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        return await DirectoryObjectsApi.CheckMemberGroupsAsync(call, (await RequireAsync(call)).ObjectId);
    }

    private static async Task<IResult> Group_GetMemberGroups(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        return await DirectoryObjectsApi.MemberGroupsAsync(call, (await RequireAsync(call)).ObjectId);
    }

    private static async Task<string> NameAsync(GraphCall call, Guid member)
    {
        List<JsonObject> found = await DirectoryObjectsApi.DescribeAsync(call, [member]);
        return found is [{ } one] ? (one["userPrincipalName"] ?? one["displayName"])!.ToString() : member.ToString();
    }

    private static string? Description(GraphBody body) => body.Text("description") is not { } text ? null
        : text.Length <= LongestDescription && !text.Any(char.IsControl) ? text : throw GraphRefusal.BadRequest($"description has to be at most {LongestDescription} characters without control characters.");

    private static async Task<DirectoryGroup> RequireAsync(GraphCall call) =>
        await call.Directory.FindGroupAsync(call.Id(Kind), call.Cancellation) ?? throw GraphRefusal.NotFound(Kind, call.Route("id"));
}
