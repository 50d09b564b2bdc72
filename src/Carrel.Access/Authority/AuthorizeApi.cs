using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Authority;

/// <summary>What the authorize endpoint works with.</summary>
internal sealed record AuthorizeServices(
    HomeTenant Home,
    IAuthorizationClientRegistry Clients,
    AuthorizationCodes Codes,
    StudioSession Session,
    Audiences Audiences);

/// <summary>Gives a signed-in person's client a code: authorization code with PKCE, nothing else.</summary>
internal static class AuthorizeApi
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/{tenant}/oauth2/v2.0/authorize", Authorize_Get);

    private static async Task<IResult> Authorize_Get(string tenant, HttpContext context, [AsParameters] AuthorizeServices services)
    {
        OAuthError.NoStore(context.Response);
        IQueryCollection query = context.Request.Query;
        CancellationToken cancellation = context.RequestAborted;

        // 1. Whatever is wrong with tenant, client or address is shown here: an unchecked address is never redirected to.
        if (!services.Home.Answers(tenant))
            return Refuse(OAuthError.UnknownTenant(tenant));
        if (query.FirstOrDefault(parameter => parameter.Value.Count > 1).Key is { } repeated)
            return Refuse(OAuthError.Malformed($"The parameter '{repeated}' occurs more than once."));
        string clientId = query["client_id"].ToString();
        if (services.Clients.Find(clientId) is not { } client)
            return Refuse(OAuthError.UnknownApplication(clientId));
        string redirectUri = query["redirect_uri"].ToString();
        if (redirectUri.Contains('#') || redirectUri.Any(c => c is <= ' ' or > '~') || !client.AllowsRedirect(redirectUri))
            return Refuse(new OAuthError(400, "invalid_request", 50011, $"The redirect URI '{redirectUri}' is not one of {client.DisplayName}'s."));

        // 2. What is wrong with the rest is told to the client.
        var answer = new RedirectAnswer(redirectUri, query.ContainsKey("state") ? query["state"].ToString() : null);
        if (CheckRequest(query, services.Audiences) is { } error)
            return answer.Refuse(error.Error, error.Description);

        // 3. Who is it?
        SignedIn? person = await services.Session.FindAsync(context);
        if (person is null)
        {
            return query["prompt"] == "none"
                ? answer.Refuse("login_required", "AADSTS50058: Nobody is signed in.")
                : Results.Redirect("/signin" + QueryString.Create("return", context.Request.GetEncodedPathAndQuery()));
        }

        // 4. May they? A refusal is shown here: the browser does not even reach the place it asked for.
        ClientAdmission admission = await client.AdmitAsync(person.User, redirectUri, cancellation);
        if (!admission.Allowed)
            return Page.Message(403, "No access", Html.Of($"<p>{admission.Reason}</p><p>You are signed in as {person.User.UserName}.</p><p><a href=\"/\">Home</a></p>"));

        string? nonce = query.ContainsKey("nonce") ? query["nonce"].ToString() : null;
        string code = await services.Codes.IssueAsync(
            person, clientId, redirectUri, query["code_challenge"].ToString(), query["scope"].ToString(), nonce, cancellation);
        return answer.Give(code);
    }

    private static OAuthError? CheckRequest(IQueryCollection query, Audiences audiences)
    {
        if (query["response_type"] != "code")
            return new OAuthError(400, "unsupported_response_type", 700051, "The response_type has to be code.");
        if (query.ContainsKey("response_mode") && query["response_mode"] != "query")
            return new OAuthError(400, "invalid_request", 70007, "The response_mode has to be query.");
        // Absent would mean plain, which anybody who sees the request can answer.
        if (query["code_challenge_method"] != "S256")
            return new OAuthError(400, "invalid_request", 501481, "The code_challenge_method has to be S256.");
        if (!AuthorizationCodes.IsChallenge(query["code_challenge"].ToString()))
            return new OAuthError(400, "invalid_request", 501491, "The code_challenge has to be 43 characters of base64url.");
        if (query["nonce"].ToString().Length > 512 || query["scope"].ToString().Length > 2048)
            return OAuthError.Malformed("The scope or the nonce is too long.");
        return RequestedScope.ForPerson(query["scope"].ToString(), audiences).Error;
    }

    private static Page Refuse(OAuthError error) =>
        Page.Message(error.Status, "This sign-in request is not right", Html.Of($"<p>{error.Description}</p>"));

    private sealed record RedirectAnswer(string RedirectUri, string? State)
    {
        internal IResult Give(string code) => To(new QueryBuilder { { "code", code } });

        internal IResult Refuse(string error, string description) =>
            To(new QueryBuilder { { "error", error }, { "error_description", description } });

        private IResult To(QueryBuilder query)
        {
            if (State is not null)
                query.Add("state", State);
            string parameters = query.ToQueryString().ToString();
            return Results.Redirect(RedirectUri + (RedirectUri.Contains('?') ? "&" + parameters[1..] : parameters));
        }
    }
}
