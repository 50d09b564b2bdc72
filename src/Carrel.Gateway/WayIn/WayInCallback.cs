using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Arm.Identity;
using Carrel.Gateway.Answers;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Opening;
using Carrel.Gateway.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.WayIn;

/// <summary>Where the authority sends people back to: turns a one-use code into a session of this instance's origin.</summary>
internal sealed class WayInCallback(AuthorizationCodes codes, Sessions sessions, IInstanceRoutes routes, HomeTenant tenant, InstanceAccess access, OpeningAudit audit, TimeProvider time)
{
    internal async Task<IResult> AnswerAsync(InstanceVisit visit)
    {
        HttpContext context = visit.Context;
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method))
            return GatewayAnswers.MethodNotAllowed;

        // 1. The parameters, each once.
        IQueryCollection query = context.Request.Query;
        if (query["code"] is not [{ Length: > 0 } code])
            return GatewayAnswers.WayInFailed;

        // 2. Begun in this browser, at this origin, not long ago. Otherwise somebody planted the code, or took it: it is used up either way,
        //    so that nobody who reads this page's address can use it.
        string? secret = GatewayCookies.Read(context.Request, GatewayCookies.WayIn);
        WayInTicket? ticket = WayInTicket.IsSecret(secret) && query["state"] is [{ } state]
            ? WayInTicket.Read(secret!, visit.Origin.Text, state, time.GetUtcNow())
            : null;
        RedeemedCode? redeemed = await codes.RedeemAsync(code, GatewayClient.Id, visit.Origin.CallbackUri, ticket?.Verifier ?? "", context.RequestAborted);
        if (ticket is null || redeemed is null)
            return GatewayAnswers.WayInFailed;

        // 3. The owner: the authority asked the same before it gave the code, but time has passed.
        InstanceRoute? route = await routes.FindAsync(visit.Origin.Location, visit.Origin.Name);
        if (route is null || route.Owner != redeemed.User.ObjectId)
            return GatewayAnswers.AccessDenied;
        Caller caller = tenant.CallerOf(redeemed.User);
        if (!await access.HasRoleAsync(caller, route, context.RequestAborted))
        {
            await audit.RefusedAsync(caller, route, "AuthorizationFailed", OpeningAudit.Request(context), context.RequestAborted);
            return GatewayAnswers.RoleMissing(caller, route);
        }

        // 4. The session. The way-in cookie stays until it expires: other tabs may be on their way.
        string? token = await sessions.BeginInstanceAsync(route.Uid, redeemed.User.ObjectId, redeemed.SessionId, redeemed.GrantId, context.RequestAborted);
        if (token is null)
            return GatewayAnswers.WayInFailed;
        await audit.OpenedAsync(caller, route, context);
        context.Response.Cookies.Append(GatewayCookies.Instance, token, StudioSession.CookieOptions(Sessions.LongestLife));
        // Absolute, from the canonical origin: whatever the path is, it is a path of this origin.
        return Results.Redirect(visit.Origin.Text + ticket.Path);
    }
}
