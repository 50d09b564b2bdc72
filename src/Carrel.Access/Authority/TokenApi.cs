using Carrel.Access.Authority.Device;
using Carrel.Access.Authority.Grants;
using Carrel.Access.Authority.Refresh;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
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
    RefreshTokens Refresh,
    DeviceCodes Devices,
    FailureLimits Failures,
    DirectoryEvents Events,
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
            if (!error.IsCounted)
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
            "client_credentials" => await ProgramGrant.RunAsync(form, services, context),
            "authorization_code" => await PersonGrant.ForCodeAsync(form, services, context),
            "refresh_token" => await PersonGrant.ForRefreshAsync(form, services, context),
            PersonGrant.DeviceCodeType => await PersonGrant.ForDeviceAsync(form, services, context),
            { } other => (null, OAuthError.UnsupportedGrant(other)),
        };
    }
}
