using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Gateway.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.WayIn;

/// <summary>Sends a browser without a session to the authority, whether or not there is such an instance.</summary>
internal sealed class WayInStart(HomeTenant tenant, GatewayOptions options, TimeProvider time)
{
    internal IResult Begin(InstanceVisit visit)
    {
        HttpContext context = visit.Context;
        // Kept while tabs come in side by side: a second secret would spoil the first tab's way.
        string? secret = GatewayCookies.Read(context.Request, GatewayCookies.WayIn);
        if (!WayInTicket.IsSecret(secret))
            secret = WayInTicket.CreateSecret();
        WayInTicket ticket = WayInTicket.Begin(secret!, visit.Origin.Text, visit.Target, time.GetUtcNow());
        context.Response.Cookies.Append(GatewayCookies.WayIn, secret!, StudioSession.CookieOptions(WayInTicket.Life));
        context.Response.Headers.CacheControl = "no-store";
        QueryString query = QueryString.Create((KeyValuePair<string, string?>[])
        [
            new("client_id", GatewayClient.Id),
            new("response_type", "code"),
            new("redirect_uri", visit.Origin.CallbackUri),
            new("scope", "openid"),
            new("code_challenge", ticket.Challenge),
            new("code_challenge_method", "S256"),
            new("state", ticket.State),
        ]);
        return Results.Redirect($"{options.PublicOrigin}/{tenant.Value.Id}/oauth2/v2.0/authorize{query}");
    }
}
