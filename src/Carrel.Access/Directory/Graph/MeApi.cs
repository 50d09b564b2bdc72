using Carrel.Access.Directory.Administration;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory.Graph;

/// <summary>What a person finds out and changes about themselves.</summary>
internal static class MeApi
{
    internal static IEnumerable<(string Method, string Pattern, Func<GraphCall, Task<IResult>> Handler)> Operations =>
    [
        ("GET", "/v1.0/me", Me_Get),
        ("GET", "/v1.0/me/memberOf", async call => await GroupsApi.ListOfAsync(call, call.Caller.ObjectId, false)),
        ("GET", "/v1.0/me/transitiveMemberOf", async call => await GroupsApi.ListOfAsync(call, call.Caller.ObjectId, true)),
        ("GET", "/v1.0/me/ownedObjects", call => Task.FromResult(GraphList.Answer(call, "directoryObjects", []))),
        ("POST", "/v1.0/me/changePassword", Me_ChangePassword),
        ("POST", "/v1.0/me/revokeSignInSessions", Me_RevokeSignInSessions),
    ];

    private static async Task<IResult> Me_Get(GraphCall call) => Results.Json(GraphView.Of(await RequirePersonAsync(call)));

    private static async Task<IResult> Me_ChangePassword(GraphCall call)
    {
        DirectoryUser person = await RequirePersonAsync(call);
        GraphBody body = await GraphBody.ReadAsync(call.Context);
        string current = body.Text("currentPassword") ?? throw GraphRefusal.BadRequest("'currentPassword' is missing.");
        string? wanted = body.Text("newPassword");
        PasswordChangeOutcome outcome = await call.Services.Passwords.ChangeAsync(person.UserName, current, wanted, call.Context);
        return outcome.Fault is { } fault ? throw GraphRefusal.BadRequest(fault) : Results.NoContent();
    }

    private static async Task<IResult> Me_RevokeSignInSessions(GraphCall call)
    {
        DirectoryUser person = await RequirePersonAsync(call);
        await call.Services.Administration.SignOutAsync(person.ObjectId, person.UserName, call.Asker, call.Cancellation);
        return Results.Json(new { value = true });
    }

    private static async Task<DirectoryUser> RequirePersonAsync(GraphCall call) =>
        call.Caller.Kind == CallerKind.User && await call.Directory.FindUserAsync(call.Caller.ObjectId, call.Cancellation) is { } person
            ? person
            : throw GraphRefusal.BadRequest("/me request is only valid with delegated authentication flow: sign in as a person.");
}
