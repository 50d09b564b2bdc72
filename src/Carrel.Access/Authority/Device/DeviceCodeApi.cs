using System.Text.Json.Nodes;
using Carrel.Access.Authority.Grants;
using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Authority.Device;

/// <summary>What the device endpoint works with.</summary>
internal sealed record DeviceServices(
    HomeTenant Home, IAuthorizationClientRegistry Clients, DeviceCodes Devices, Audiences Audiences, FailureLimits Failures, AccessOptions Options, TimeProvider Time);

/// <summary>A device without a browser asks to be signed in elsewhere (RFC 8628, 3.1; the members are those that MSAL reads).</summary>
internal static class DeviceCodeApi
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/{tenant}/oauth2/v2.0/devicecode", DeviceCode_Begin);

    private static async Task<IResult> DeviceCode_Begin(string tenant, HttpContext context, [AsParameters] DeviceServices services)
    {
        OAuthError.NoStore(context.Response);
        if (!services.Home.Answers(tenant))
            return OAuthError.UnknownTenant(tenant).ToResult(context, services.Time);
        (TokenForm? form, OAuthError? error) = await TokenForm.ReadAsync(context);
        if (form is null || (error = Check(form, services)) is not null)
            return error!.ToResult(context, services.Time);
        if (services.Failures.BeginDeviceCode(context.Connection.RemoteIpAddress) is { } wait)
        {
            PageForms.RetryAfter(context, wait);
            return new OAuthError(429, "temporarily_unavailable", 90055, "Too many device codes were asked for from this address: wait a minute.").ToResult(context, services.Time);
        }

        DeviceStart start = await services.Devices.BeginAsync(form["client_id"]!, form["scope"] ?? "", context);
        string page = services.Options.Origin + DevicePages.Path;
        return Results.Json(new JsonObject
        {
            ["user_code"] = start.UserCode,
            ["device_code"] = start.Code,
            ["verification_uri"] = page,
            ["verification_url"] = page,
            ["expires_in"] = (int)start.Lifetime.TotalSeconds,
            ["interval"] = (int)start.Interval.TotalSeconds,
            ["message"] = $"To sign in, open {page} in a browser on any computer and enter the code {start.UserCode}.",
        });
    }

    private static OAuthError? Check(TokenForm form, DeviceServices services)
    {
        if (form["client_id"] is not { } clientId)
            return OAuthError.Missing("client_id");
        if (services.Clients.Find(clientId) is not { } client)
            return OAuthError.UnknownApplication(clientId);
        if (!client.RedeemsAtTokenEndpoint)
            return OAuthError.NotAtThisEndpoint;
        if (form["client_secret"] is not null)
            return OAuthError.PublicClient;
        string scope = form["scope"] ?? "";
        return scope.Length > 2048 ? OAuthError.Malformed("The scope is too long.") : RequestedScope.ForPerson(scope, services.Audiences).Error;
    }
}
