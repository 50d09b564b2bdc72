using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Authority.Grants;

/// <summary>A program signs in with its secret (RFC 6749, 4.4).</summary>
internal static class ProgramGrant
{
    internal static async Task<(TokenAnswer?, OAuthError?)> RunAsync(TokenForm form, TokenServices services, HttpContext context)
    {
        CancellationToken cancellation = context.RequestAborted;
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
        if (await CheckAsync(principal, secret, services, cancellation) is { } refusal)
        {
            // A client that repeats without end must not fill the store.
            if (services.Failures.CountTokenFailure(context.Connection.RemoteIpAddress))
                await services.Events.RefusedAsync(services.Events.Of(principal), clientId, DirectoryActions.SignIn, refusal.Message, context.Request.Headers.UserAgent.ToString());
            return (null, refusal with { IsCounted = true });
        }

        (RequestedScope? scope, OAuthError? fault) = RequestedScope.ForProgram(scopeText, services.Audiences);
        if (scope is null)
            return (null, fault);
        var request = new TokenRequest(
            principal.ObjectId, CallerKind.Application, scope.Audience, principal.ClientId.ToString(), DisplayName: principal.DisplayName);
        await services.Events.ProgramSignedInAsync(principal, context.Request.Headers.UserAgent.ToString());
        return (new TokenAnswer(services.Issuer.Issue(request), null, null), null);
    }

    private static async Task<OAuthError?> CheckAsync(ServicePrincipal principal, string secret, TokenServices services, CancellationToken cancellation)
    {
        IReadOnlyList<ClientSecret> secrets = await services.Directory.ListClientSecretsAsync(principal.ClientId, cancellation);
        if (!ClientSecrets.Match(secret, secrets, services.Time.GetUtcNow()))
            return ClientSecrets.Match(secret, secrets, DateTimeOffset.MinValue) ? OAuthError.ExpiredSecret : OAuthError.WrongSecret;
        return principal.Enabled ? null : OAuthError.Disabled(principal.DisplayName);
    }
}
