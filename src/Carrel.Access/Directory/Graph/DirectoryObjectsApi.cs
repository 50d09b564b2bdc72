using System.Text.Json.Nodes;
using Carrel.Access.Directory.Administration;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory.Graph;

/// <summary>Principals of any kind by their object ids.</summary>
internal static class DirectoryObjectsApi
{
    private const int MostIds = 1000;

    internal static IEnumerable<(string Method, string Pattern, Func<GraphCall, Task<IResult>> Handler)> Operations =>
    [
        ("GET", "/v1.0/directoryObjects/{id}", DirectoryObject_Get),
        ("POST", "/v1.0/directoryObjects/getByIds", DirectoryObject_GetByIds),
        ("POST", "/v1.0/directoryObjects/{id}/checkMemberGroups", DirectoryObject_CheckMemberGroups),
        ("POST", "/v1.0/directoryObjects/{id}/getMemberGroups", DirectoryObject_GetMemberGroups),
    ];

    /// <summary>What is known of some ids, in their order; unknown ones are left out.</summary>
    internal static async Task<List<JsonObject>> DescribeAsync(GraphCall call, IEnumerable<Guid> ids)
    {
        var found = new List<JsonObject>();
        foreach (Guid id in ids)
        {
            if (await call.Directory.FindUserAsync(id, call.Cancellation) is { } user)
                found.Add(GraphView.Of(user));
            else if (await call.Directory.FindServicePrincipalByObjectIdAsync(id, call.Cancellation) is { } program)
                found.Add(GraphView.Of(program));
            else if (await call.Directory.FindGroupAsync(id, call.Cancellation) is { } group)
                found.Add(GraphView.Of(group));
        }

        return found;
    }

    /// <summary>Ids of the groups that a principal belongs to, also through others.</summary>
    internal static async Task<IResult> MemberGroupsAsync(GraphCall call, Guid id)
    {
        // All groups are security groups, so its one member says nothing; it is read all the same, so that bad JSON is told.
        _ = (await GraphBody.ReadAsync(call.Context)).Flag("securityEnabledOnly");
        return Results.Json(new { value = await call.Directory.ListGroupsOfAsync(id, call.Cancellation) });
    }

    private static async Task<IResult> DirectoryObject_Get(GraphCall call)
    {
        Guid id = Guid.TryParse(call.Route("id"), out Guid given) ? given : Guid.Empty;
        await call.RequireReaderOfAsync(id);
        return (await DescribeAsync(call, [id])) is [{ } one] ? Results.Json(one) : throw GraphRefusal.NotFound("directory object", call.Route("id"));
    }

    /// <summary>Names for object ids: az asks here when it lists role assignments (wire contract 7). Unknown ids are left out, as Graph does.</summary>
    private static async Task<IResult> DirectoryObject_GetByIds(GraphCall call)
    {
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        List<JsonObject> found = await DescribeAsync(call, body.Ids("ids", MostIds));
        var answer = new JsonObject { ["@odata.context"] = $"{call.Services.Options.Origin}/v1.0/$metadata#directoryObjects", ["value"] = new JsonArray([.. found]) };
        return Results.Json(answer);
    }

    private static async Task<IResult> DirectoryObject_GetMemberGroups(GraphCall call)
    {
        Guid id = call.Id("directory object");
        await call.RequireReaderOfAsync(id);
        return await MemberGroupsAsync(call, id);
    }

    private static async Task<IResult> DirectoryObject_CheckMemberGroups(GraphCall call)
    {
        Guid id = call.Id("directory object");
        await call.RequireReaderOfAsync(id);
        return await CheckMemberGroupsAsync(call, id);
    }

    /// <summary>Those of the asked groups that a principal belongs to, also through others.</summary>
    internal static async Task<IResult> CheckMemberGroupsAsync(GraphCall call, Guid id)
    {
        List<Guid> asked = (await GraphBody.ReadAsync(call.Context)).Ids("groupIds", MostIds);
        IReadOnlyList<Guid> member = await call.Directory.ListGroupsOfAsync(id, call.Cancellation);
        return Results.Json(new { value = asked.Intersect(member) });
    }
}
