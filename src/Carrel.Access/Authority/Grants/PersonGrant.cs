using Carrel.Access.Authority.Device;
using Carrel.Access.Authority.Refresh;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Authority.Grants;

/// <summary>A person's client gets tokens: for a code, for a confirmed device, or for a refresh token. All such clients are public.</summary>
internal static class PersonGrant
{
    internal const string DeviceCodeType = "urn:ietf:params:oauth:grant-type:device_code";

    internal static async Task<(TokenAnswer?, OAuthError?)> ForCodeAsync(TokenForm form, TokenServices services, HttpContext context)
    {
        (IAuthorizationClient? client, OAuthError? error) = FindClient(form, services, "code", "redirect_uri", "code_verifier");
        if (client is null)
            return (null, error);
        RedeemedCode? redeemed = await services.Codes.RedeemAsync(
            form["code"]!, client.ClientId, form["redirect_uri"]!, form["code_verifier"]!, context.RequestAborted);
        if (redeemed is null)
            return (null, OAuthError.BadCode);
        // The resource was chosen at the authorize endpoint; a scope repeated here cannot widen it.
        var signIn = new NewSignIn(redeemed.User, client, redeemed.Scope, redeemed.GrantId, redeemed.Nonce);
        return await BeginAsync(signIn, form, services, context, $"{client.DisplayName} was signed in through the browser.");
    }

    internal static async Task<(TokenAnswer?, OAuthError?)> ForDeviceAsync(TokenForm form, TokenServices services, HttpContext context)
    {
        (IAuthorizationClient? client, OAuthError? error) = FindClient(form, services, "device_code");
        if (client is null)
            return (null, error);
        (DevicePoll poll, DeviceCode? code) = await services.Devices.PollAsync(form["device_code"]!, client.ClientId, context.RequestAborted);
        if (poll != DevicePoll.Confirmed || code?.UserObjectId is not { } person)
            return (null, OAuthError.Of(poll));
        return await services.Directory.FindUserAsync(person, context.RequestAborted) is { MaySignIn: true } user
            ? await BeginAsync(new NewSignIn(user, client, code.Scope, code.Hash, null), form, services, context, $"{client.DisplayName} was signed in with a device code.")
            : (null, OAuthError.Of(DevicePoll.Unknown));
    }

    internal static async Task<(TokenAnswer?, OAuthError?)> ForRefreshAsync(TokenForm form, TokenServices services, HttpContext context)
    {
        (IAuthorizationClient? client, OAuthError? error) = FindClient(form, services, "refresh_token");
        if (client is null)
            return (null, error);
        // Read before the token is used up: a scope with a mistake in it must not cost the sign-in.
        if (form["scope"] is { } asked && RequestedScope.ForPerson(asked, services.Audiences).Error is { } fault)
            return (null, fault);
        (RefreshOutcome outcome, Refreshed? refreshed) = await services.Refresh.UseAsync(form["refresh_token"]!, client.ClientId, context);
        if (refreshed is null)
            return (null, OAuthError.Of(outcome));
        string scope = form["scope"] ?? refreshed.Grant.Scope;
        return Answer(new NewSignIn(refreshed.User, client, scope, refreshed.Grant.Id, null), refreshed.NextToken, form, services);
    }

    private static (IAuthorizationClient? Client, OAuthError? Error) FindClient(TokenForm form, TokenServices services, params string[] required)
    {
        if (required.Prepend("client_id").FirstOrDefault(name => form[name] is null) is { } missing)
            return (null, OAuthError.Missing(missing));
        string clientId = form["client_id"]!;
        if (services.Clients.Find(clientId) is not { } client)
            return (null, OAuthError.UnknownApplication(clientId));
        if (!client.RedeemsAtTokenEndpoint)
            return (null, OAuthError.NotAtThisEndpoint);
        return form["client_secret"] is null ? (client, null) : (null, OAuthError.PublicClient);
    }

    private static async Task<(TokenAnswer?, OAuthError?)> BeginAsync(
        NewSignIn signIn, TokenForm form, TokenServices services, HttpContext context, string happened)
    {
        (RequestedScope? scope, OAuthError? fault) = RequestedScope.ForPerson(signIn.Scope, services.Audiences);
        if (scope is null)
            return (null, fault);
        string? refresh = null;
        if (scope.Offline)
        {
            refresh = await services.Refresh.BeginAsync(signIn.GrantId, signIn.Client.ClientId, signIn.User, signIn.Scope, context.RequestAborted);
            if (refresh is null)
                return (null, OAuthError.BadCode);
        }

        await services.Events.SignedInAsync(signIn.User, DirectoryActions.Authorize, happened, context.Request.Headers.UserAgent.ToString());
        return Answer(signIn, refresh, form, services);
    }

    private static (TokenAnswer?, OAuthError?) Answer(NewSignIn signIn, string? refresh, TokenForm form, TokenServices services)
    {
        (RequestedScope? scope, OAuthError? fault) = RequestedScope.ForPerson(signIn.Scope, services.Audiences);
        if (scope is null)
            return (null, fault);
        DirectoryUser user = signIn.User;
        var request = new TokenRequest(
            user.ObjectId, CallerKind.User, scope.Audience, signIn.Client.ClientId, user.UserName, user.DisplayName, signIn.GrantId);
        return (new TokenAnswer(
            services.Issuer.Issue(request),
            scope.OpenId ? services.Issuer.IssueIdToken(request, signIn.Client.ClientId, signIn.Nonce) : null,
            signIn.Scope)
        {
            RefreshToken = refresh,
            ClientInfo = form["client_info"] == "1" ? (user.ObjectId, services.Home.Value.Id) : null,
        }, null);
    }

    private sealed record NewSignIn(DirectoryUser User, IAuthorizationClient Client, string Scope, string GrantId, string? Nonce);
}
