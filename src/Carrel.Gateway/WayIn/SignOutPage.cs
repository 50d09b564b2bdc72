using Carrel.Access.SignIn;
using Carrel.Gateway.Answers;
using Carrel.Gateway.Connections;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.WayIn;

/// <summary>Ends this browser's session with one instance, and what is open under it.</summary>
internal sealed class SignOutPage(Sessions sessions, IInstanceRoutes routes, InstanceConnections connections, GatewayOptions options)
{
    internal async Task<IResult> AnswerAsync(InstanceVisit visit)
    {
        HttpContext context = visit.Context;
        HttpRequest request = context.Request;
        if (HttpMethods.IsGet(request.Method))
            return GatewayAnswers.SignOutPage;
        if (!HttpMethods.IsPost(request.Method))
            return GatewayAnswers.MethodNotAllowed;
        if (!OriginStep.IsOwn(request, visit.Origin))
            return GatewayAnswers.ForeignOrigin;

        InstanceRoute? route = await routes.FindAsync(visit.Origin.Location, visit.Origin.Name);
        string? token = GatewayCookies.Read(request, GatewayCookies.Instance);
        if (route is not null
            && await sessions.FindAsync(token, SessionKind.Instance, route.Uid, context.RequestAborted) is { } person)
        {
            await sessions.EndAsync(person.Session, context.RequestAborted);
            connections.CloseSession(person.Session.Id);
        }

        context.Response.Cookies.Delete(GatewayCookies.Instance, StudioSession.CookieOptions(null));
        return GatewayAnswers.SignedOut(options.PublicOrigin + "/");
    }
}
