using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Opening;

namespace Carrel.Gateway.Connections;

/// <summary>Whether what is open may stay open: the same questions as when it began.</summary>
internal sealed class ConnectionCheck(IInstanceRoutes routes, Sessions sessions, ValidatedTokens tokens, InstanceAccess access)
{
    internal async ValueTask<bool> IsStillAllowedAsync(OpenConnection open, CancellationToken cancellation)
    {
        InstanceRoute? route = await routes.FindAsync(open.Route.Location, open.Route.Name);
        if (route is null || route.Uid != open.Route.Uid || route.Owner != open.Visitor.ObjectId)
            return false;
        if (!await access.HasRoleAsync(open.Visitor.Who, route, cancellation))
            return false;
        return open.Visitor.IsAmbient
            ? await sessions.FindAsync(open.Visitor.Proof, SessionKind.Instance, route.Uid, cancellation) is not null
            : (await tokens.ValidateAsync(open.Visitor.Proof, cancellation)).Fault == TokenFault.None;
    }
}
