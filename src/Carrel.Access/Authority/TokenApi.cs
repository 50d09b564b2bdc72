using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Authority;

/// <summary>What the token endpoint works with.</summary>
internal sealed record TokenServices(
    HomeTenant Home,
    IDirectoryStore Directory,
    TokenIssuer Issuer,
    Audiences Audiences,
    IAuthorizationClientRegistry Clients,
    AuthorizationCodes Codes,
    FailureLimits Failures,
    TimeProvider Time);

/// <summary>Issues tokens to programs and to people's clients (wire contract 2.1).</summary>
internal static class TokenApi
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{tenant}/oauth2/v2.0/token", Token_Issue);

    private static async Task<IResult> Token_Issue(string tenant, HttpContext context, [AsParameters] TokenServices services)
    {
        (TokenAnswer? answer, OAuthError? error) = await DecideAsync(tenant, context, services);
        if (error is not null)
        {
            // Counted so that an address that guesses is seen in the log. Never 429: clients would repeat it, and a right secret always works.
            services.Failures.CountTokenFailure(context.Connection.RemoteIpAddress);
            if (error.Status == StatusCodes.Status401Unauthorized && context.Request.Headers.Authorization.Count > 0)
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"Carrel\"";
            return error.ToResult(context, services.Time);
        }

        OAuthError.NoStore(context.Response);
        return Results.Json(answer!.ToBody());
    }

    private static async Task<(TokenAnswer?, OAuthError?)> DecideAsync(string tenant, HttpContext context, TokenServices services)
    {
        if (!services.Home.Answers(tenant))
            return (null, OAuthError.UnknownTenant(tenant));
        (TokenForm? form, OAuthError? error) = await TokenForm.ReadAsync(context);
        if (form is null)
            return (null, error);
        return form["grant_type"] switch
        {
            null => (null, OAuthError.Missing("grant_type")),
            "client_credentials" => await ForProgramAsync(form, services, context.RequestAborted),
            "authorization_code" => await ForPersonAsync(form, services, context.RequestAborted),
            { } other => (null, OAuthError.UnsupportedGrant(other)),
        };
    }

    private static async Task<(TokenAnswer?, OAuthError?)> ForProgramAsync(TokenForm form, TokenServices services, CancellationToken cancellation)
    {
        if (form["client_id"] is not { } clientId)
            return (null, OAuthError.Missing("client_id"));
        if (form["client_secret"] is not { } secret)
            return (null, OAuthError.MissingSecret);
        if (form["scope"] is not { } scopeText)
            return (null, OAuthError.Missing("scope"));
        ServicePrincipal? principal = Guid.TryParse(clientId, out Guid id)
            ? await services.Directory.FindServicePrincipalAsync(id, cancellation)
            : null;
        // A managed identity has no secret; only the machine it belongs to gets its tokens.
        if (principal is null || principal.Kind != CallerKind.Application)
            return (null, OAuthError.UnknownApplication(clientId));
        IReadOnlyList<ClientSecret> secrets = await services.Directory.ListClientSecretsAsync(id, cancellation);
        if (!ClientSecrets.Match(secret, secrets, services.Time.GetUtcNow()))
            return (null, ClientSecrets.Match(secret, secrets, DateTimeOffset.MinValue) ? OAuthError.ExpiredSecret : OAuthError.WrongSecret);
        if (!principal.Enabled)
            return (null, OAuthError.Disabled(principal.DisplayName));

        (RequestedScope? scope, OAuthError? fault) = RequestedScope.ForProgram(scopeText, services.Audiences);
        if (scope is null)
            return (null, fault);
        var request = new TokenRequest(
            principal.ObjectId, CallerKind.Application, scope.Audience, principal.ClientId.ToString(), DisplayName: principal.DisplayName);
        return (new TokenAnswer(services.Issuer.Issue(request), null, null), null);
    }

    private static async Task<(TokenAnswer?, OAuthError?)> ForPersonAsync(TokenForm form, TokenServices services, CancellationToken cancellation)
    {
        foreach (string required in (string[])["client_id", "code", "redirect_uri", "code_verifier"])
        {
            if (form[required] is null)
                return (null, OAuthError.Missing(required));
        }

        string clientId = form["client_id"]!;
        if (services.Clients.Find(clientId) is not { } client)
            return (null, OAuthError.UnknownApplication(clientId));
        if (!client.RedeemsAtTokenEndpoint)
            return (null, OAuthError.NotAtThisEndpoint);
        if (form["client_secret"] is not null)
            return (null, new OAuthError(401, "invalid_client", 700025, "Client is public: it must not present a client_secret."));
        RedeemedCode? redeemed = await services.Codes.RedeemAsync(
            form["code"]!, clientId, form["redirect_uri"]!, form["code_verifier"]!, cancellation);
        if (redeemed is null)
            return (null, OAuthError.BadCode);

        // The resource was chosen at the authorize endpoint; a scope repeated here cannot widen it.
        (RequestedScope? scope, OAuthError? fault) = RequestedScope.ForPerson(redeemed.Scope, services.Audiences);
        if (scope is null)
            return (null, fault);
        DirectoryUser user = redeemed.User;
        var request = new TokenRequest(
            user.ObjectId, CallerKind.User, scope.Audience, clientId, user.UserName, user.DisplayName, redeemed.GrantId);
        IssuedToken access = services.Issuer.Issue(request);
        IssuedToken? identity = scope.OpenId ? services.Issuer.IssueIdToken(request, clientId, redeemed.Nonce) : null;
        return (new TokenAnswer(access, identity, redeemed.Scope), null);
    }
}
