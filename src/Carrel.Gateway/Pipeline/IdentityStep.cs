using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Arm.Identity;
using Carrel.Gateway.Answers;
using Carrel.Gateway.Connections;
using Carrel.Gateway.Instances;
using Carrel.Gateway.WayIn;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>Step 3: who is it? Looked at on every request; Access remembers for seconds and forgets at a revocation.</summary>
internal sealed class IdentityStep(InstanceConnections connections, IInstanceRoutes routes, Sessions sessions, IArmAuthenticator authenticator, HomeTenant tenant, WayInStart start) : IInstanceStep
{
    private const string Scheme = "Bearer ";

    /// <inheritdoc/>
    public async ValueTask<IResult?> RunAsync(InstanceVisit visit)
    {
        HttpRequest request = visit.Context.Request;
        visit.Closings = connections.Closings;
        visit.Route = await routes.FindAsync(visit.Origin.Location, visit.Origin.Name);

        // A header decides even when a cookie is there too: what a program says must not be overruled by what a browser adds.
        if (request.Headers.Authorization.Count > 0)
        {
            AuthenticationOutcome outcome = await authenticator.AuthenticateAsync(request);
            if (outcome.Caller is not { } caller)
                return GatewayAnswers.Unauthorized(outcome.Code, outcome.Message, authenticator.Challenge);
            visit.Visitor = new Visitor(caller, null, request.Headers.Authorization.ToString()[Scheme.Length..].Trim(' '));
            return null;
        }

        // The session has to be of this very instance: the uid, not the name, since names come back.
        string? token = GatewayCookies.Read(request, GatewayCookies.Instance);
        SignedIn? person = visit.Route is null
            ? null
            : await sessions.FindAsync(token, SessionKind.Instance, visit.Route.Uid, visit.Context.RequestAborted);
        if (person is not null)
        {
            visit.Visitor = new Visitor(tenant.CallerOf(person.User), person.Session.Id, token!);
            return null;
        }

        return Navigation.IsPage(request) ? start.Begin(visit) : GatewayAnswers.Unauthorized(null, null, authenticator.Challenge);
    }
}
