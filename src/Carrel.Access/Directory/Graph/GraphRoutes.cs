using Carrel.Access.Directory.Administration;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Directory.Graph;

/// <summary>The directory in the style of Microsoft Graph, version 1.0: every address needs a token; errors have Graph's envelope.</summary>
public static class GraphRoutes
{
    /// <summary>Maps the directory's addresses.</summary>
    public static void MapDirectory(this IEndpointRouteBuilder routes)
    {
        foreach ((string method, string pattern, Func<GraphCall, Task<IResult>> handler) in
            UsersApi.Operations.Concat(MeApi.Operations).Concat(GroupsApi.Operations).Concat(ProgramsApi.Operations).Concat(ApplicationsApi.Operations).Concat(DirectoryObjectsApi.Operations))
        {
            routes.MapMethods(pattern, [method], (HttpContext context, [AsParameters] GraphServices services) => RunAsync(context, services, handler));
        }
    }

    private static async Task<IResult> RunAsync(HttpContext context, GraphServices services, Func<GraphCall, Task<IResult>> handler)
    {
        context.Response.Headers.CacheControl = "no-store";
        AuthenticationOutcome outcome = await services.Authenticator.AuthenticateAsync(context.Request);
        if (outcome.Caller is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = services.Authenticator.Challenge;
            return new GraphRefusal(401, "InvalidAuthenticationToken", outcome.Message!).ToResult();
        }

        try
        {
            return await handler(new GraphCall(context, services, caller));
        }
        catch (GraphRefusal refusal)
        {
            return refusal.ToResult();
        }
        catch (LastAdministratorException refused)
        {
            return new GraphRefusal(409, refused.Loss.Code, refused.Message).ToResult();
        }
    }
}
