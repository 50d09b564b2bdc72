using Carrel.Access.Directory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Authority.Grants;

/// <summary>A client signs out: its refresh token and what came from the same sign-in end (RFC 7009).</summary>
internal static class RevocationApi
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/{tenant}/oauth2/v2.0/revoke", Token_Revoke);

    private static async Task<IResult> Token_Revoke(string tenant, HttpContext context, [AsParameters] TokenServices services)
    {
        OAuthError.NoStore(context.Response);
        if (!services.Home.Answers(tenant))
            return OAuthError.UnknownTenant(tenant).ToResult(context, services.Time);
        (TokenForm? form, OAuthError? error) = await TokenForm.ReadAsync(context);
        if (form is null)
            return error!.ToResult(context, services.Time);
        foreach (string required in (string[])["client_id", "token"])
        {
            if (form[required] is null)
                return OAuthError.Missing(required).ToResult(context, services.Time);
        }

        // 200 for tokens that are none as well: whoever asks learns nothing, and what they want is so.
        await services.Refresh.EndAsync(form["token"]!, form["client_id"]!, context);
        return Results.Ok();
    }
}
