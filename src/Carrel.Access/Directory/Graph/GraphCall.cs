using Carrel.Access.Directory.Administration;
using Carrel.Arm.Audit;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Directory.Graph;

/// <summary>What the directory's addresses work with.</summary>
internal sealed record GraphServices(
    IArmAuthenticator Authenticator,
    IDirectoryStore Directory,
    DirectoryRight Right,
    PrincipalAdministration Administration,
    PasswordChange Passwords,
    DirectoryEvents Events,
    IOwnedInstances Instances,
    HomeTenant Home,
    AccessOptions Options,
    TimeProvider Time);

/// <summary>One request to the directory by somebody who is known.</summary>
internal sealed record GraphCall(HttpContext Context, GraphServices Services, Caller Caller)
{
    internal IDirectoryStore Directory => Services.Directory;

    internal CancellationToken Cancellation => Context.RequestAborted;

    internal DirectoryAsker Asker => new(Caller, AuditRequest.New(Context.Request.Headers.UserAgent.ToString()));

    /// <summary>A part of the path.</summary>
    internal string Route(string name) => Context.GetRouteValue(name)?.ToString() ?? "";

    /// <summary>A part of the path that is a GUID; nobody has another one.</summary>
    internal Guid Id(string kind, string name = "id") => Guid.TryParse(Route(name), out Guid id) ? id : throw GraphRefusal.NotFound(kind, Route(name));

    /// <summary>Refuses who may not administer the directory.</summary>
    internal async Task RequireAdministratorAsync(string action)
    {
        if (await Services.Right.HasAsync(Caller, Cancellation))
            return;
        await Services.Events.DeniedAsync(Asker, action);
        throw GraphRefusal.Denied;
    }

    /// <summary>Everybody may read what is about themselves; the rest is for administrators.</summary>
    internal Task RequireReaderOfAsync(Guid objectId) => objectId == Caller.ObjectId ? Task.CompletedTask : RequireAdministratorAsync(DirectoryActions.Read);

    internal static IResult Done(bool found, string kind, string id) => found ? Results.NoContent() : throw GraphRefusal.NotFound(kind, id);
}
