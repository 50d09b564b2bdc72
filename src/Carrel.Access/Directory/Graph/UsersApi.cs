using Carrel.Access.Directory.Administration;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory.Graph;

/// <summary>People. Whose name does not change, because it names their folder on the shares.</summary>
internal static class UsersApi
{
    private const string Kind = "user";

    internal static IEnumerable<(string Method, string Pattern, Func<GraphCall, Task<IResult>> Handler)> Operations =>
    [
        ("POST", "/v1.0/users", User_Create),
        ("GET", "/v1.0/users", User_List),
        ("GET", "/v1.0/users/{id}", User_Get),
        ("PATCH", "/v1.0/users/{id}", User_Update),
        ("DELETE", "/v1.0/users/{id}", User_Delete),
        ("POST", "/v1.0/users/{id}/revokeSignInSessions", User_RevokeSignInSessions),
        ("POST", "/v1.0/users/{id}/checkMemberGroups", User_CheckMemberGroups),
        ("POST", "/v1.0/users/{id}/getMemberGroups", User_GetMemberGroups),
        ("GET", "/v1.0/users/{id}/memberOf", call => User_MemberOf(call, false)),
        ("GET", "/v1.0/users/{id}/transitiveMemberOf", call => User_MemberOf(call, true)),
    ];

    private static async Task<IResult> User_Create(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteUser);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        string? userName = body.Text("userPrincipalName");
        if (UserNames.Fault(userName, call.Services.Home.Value.Domain) is { } fault)
            throw GraphRefusal.BadRequest(fault);
        string displayName = body.DisplayName(required: true)!;
        string password = body.Password(required: true)!;
        // A given id makes the owner of an instance that was prepared for somebody whom the directory did not know (contract 9.1).
        Guid? given = body.Id("id");
        if (given is { } id && await call.Directory.FindPrincipalAsync(id, call.Cancellation) is not null)
            throw GraphRefusal.BadRequest("Another object with the same value for property id already exists.");
        var user = new DirectoryUser(given ?? Guid.NewGuid(), userName!, displayName, PasswordSignIn.HashPassword(password), call.Services.Time.GetUtcNow())
        {
            Enabled = body.Flag("accountEnabled") ?? true,
            MustChangePassword = body.MustChangePassword() ?? false,
        };
        if (!await call.Directory.TryAddUserAsync(user, call.Cancellation))
            throw GraphRefusal.BadRequest("Another object with the same value for property userPrincipalName already exists.");
        int waiting = given is null ? 0 : await call.Services.Instances.CountAsync(user.ObjectId, call.Cancellation);
        await call.Services.Events.ChangedAsync(
            call.Asker, DirectoryActions.WriteUser, user.ObjectId, $"{user.UserName} was added{(waiting > 0 ? $" and owns {waiting} compute instances that were made for this object id" : "")}.");
        return Results.Json(GraphView.Of(user), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> User_List(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.Read);
        return GraphList.Answer(call, "users", (await call.Directory.ListUsersAsync(call.Cancellation)).Select(GraphView.Of));
    }

    private static async Task<IResult> User_Get(GraphCall call)
    {
        return Results.Json(GraphView.Of(await RequireReadableAsync(call)));
    }

    private static async Task<IResult> User_Update(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.WriteUser);
        DirectoryUser user = await RequireAsync(call);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        if (body.Text("userPrincipalName") is { } name && !name.Equals(user.UserName, StringComparison.OrdinalIgnoreCase))
            throw GraphRefusal.BadRequest("userPrincipalName cannot be changed: it names the person's folder on the file shares. Add another person instead.");
        string? password = body.Password(required: false);
        bool? mustChange = body.MustChangePassword();
        bool? enabled = body.Flag("accountEnabled");
        string? display = body.DisplayName(required: false);
        var change = new PrincipalChange
        {
            DisplayName = display == user.DisplayName ? null : display,
            Enabled = enabled == user.Enabled ? null : enabled,
            PasswordHash = password is null ? null : PasswordSignIn.HashPassword(password),
            // A new password without the demand takes an earlier demand back.
            MustChangePassword = password is not null ? mustChange ?? false : mustChange == user.MustChangePassword ? null : mustChange,
        };
        return GraphCall.Done(await call.Services.Administration.ChangeAsync(user.ObjectId, change, user.UserName, call.Asker, call.Cancellation), Kind, call.Route("id"));
    }

    private static async Task<IResult> User_Delete(GraphCall call)
    {
        await call.RequireAdministratorAsync(DirectoryActions.DeleteUser);
        DirectoryUser user = await RequireAsync(call);
        IResult done = GraphCall.Done(await call.Services.Administration.DeleteAsync(user.ObjectId, user.UserName, call.Asker, call.Cancellation), Kind, call.Route("id"));
        await WarnOfInstancesAsync(call, user.ObjectId);
        return done;
    }

    private static async Task<IResult> User_RevokeSignInSessions(GraphCall call)
    {
        DirectoryUser? user = await FindAsync(call);
        if (user?.ObjectId != call.Caller.ObjectId)
            await call.RequireAdministratorAsync(DirectoryActions.SignOut);
        user ??= await RequireAsync(call);
        await call.Services.Administration.SignOutAsync(user.ObjectId, user.UserName, call.Asker, call.Cancellation);
        return Results.Json(new { value = true });
    }

    private static async Task<IResult> User_MemberOf(GraphCall call, bool transitive)
    {
        return await GroupsApi.ListOfAsync(call, (await RequireReadableAsync(call)).ObjectId, transitive);
    }

    private static async Task<IResult> User_CheckMemberGroups(GraphCall call) =>
        await DirectoryObjectsApi.CheckMemberGroupsAsync(call, (await RequireReadableAsync(call)).ObjectId);

    private static async Task<IResult> User_GetMemberGroups(GraphCall call) =>
        await DirectoryObjectsApi.MemberGroupsAsync(call, (await RequireReadableAsync(call)).ObjectId);

    /// <summary>Says what stays behind of somebody who was removed.</summary>
    internal static async Task WarnOfInstancesAsync(GraphCall call, Guid owner)
    {
        int left = await call.Services.Instances.CountAsync(owner, CancellationToken.None);
        if (left > 0)
            call.Context.Response.Headers.Warning =
                $"299 - \"{left} compute instance{(left == 1 ? " stays with an owner whom" : "s stay with an owner whom")} the directory no longer knows: nobody can open {(left == 1 ? "it" : "them")}, administrators can stop and delete {(left == 1 ? "it" : "them")}\"";
    }

    // Who may not read others does not learn either who is there.
    private static async Task<DirectoryUser> RequireReadableAsync(GraphCall call)
    {
        DirectoryUser? user = await FindAsync(call);
        await call.RequireReaderOfAsync(user?.ObjectId ?? Guid.Empty);
        return user ?? throw GraphRefusal.NotFound(Kind, call.Route("id"));
    }

    private static async Task<DirectoryUser> RequireAsync(GraphCall call) => await FindAsync(call) ?? throw GraphRefusal.NotFound(Kind, call.Route("id"));

    // By object id or by sign-in name, as in Graph.
    private static async Task<DirectoryUser?> FindAsync(GraphCall call) => Guid.TryParse(call.Route("id"), out Guid id)
        ? await call.Directory.FindUserAsync(id, call.Cancellation)
        : await call.Directory.FindUserByNameAsync(call.Route("id"), call.Cancellation);
}
