using System.Globalization;
using Carrel.Access.Authority.Device;
using Carrel.Access.Authority.Refresh;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Authority;

/// <summary>A refusal of the authority: a plain OAuth error object with the code of Microsoft Entra ID that clients look for (wire contract 2.1).</summary>
/// <param name="Status">HTTP status: 400, or 401 where the program's own proof is wrong.</param>
/// <param name="Error">OAuth error word.</param>
/// <param name="Number">The number in <c>AADSTS7000215</c>.</param>
/// <param name="Message">What to change.</param>
public sealed record OAuthError(int Status, string Error, int Number, string Message)
{
    /// <summary>Whether it needs no counting: it was counted already, or is no failure.</summary>
    internal bool IsCounted { get; init; }

    /// <summary>Text with the code in front, as clients show it.</summary>
    public string Description => $"AADSTS{Number.ToString(CultureInfo.InvariantCulture)}: {Message}";

    internal static OAuthError UnknownTenant(string tenant) =>
        new(400, "invalid_request", 90002, $"Tenant '{Shorten(tenant)}' not found. Use this server's tenant id, its domain, common or organizations.");

    internal static OAuthError Missing(string parameter) =>
        new(400, "invalid_request", 900144, $"The request body must contain the following parameter: '{parameter}'.");

    internal static OAuthError Malformed(string message) => new(400, "invalid_request", 9002313, "Invalid request. " + message);

    internal static OAuthError UnknownApplication(string clientId) =>
        new(400, "unauthorized_client", 700016, $"Application with identifier '{Shorten(clientId)}' was not found in the directory.");

    internal static OAuthError NotAtThisEndpoint { get; } =
        new(400, "unauthorized_client", 700027, "This client's codes are not redeemed at the token endpoint.");

    internal static OAuthError WrongSecret { get; } =
        new(401, "invalid_client", 7000215, "Invalid client secret provided. Send the secret value, not the id of the secret.");

    internal static OAuthError ExpiredSecret { get; } =
        new(401, "invalid_client", 7000222, "The provided client secret is expired. Add a new one.");

    internal static OAuthError MissingSecret { get; } =
        new(401, "invalid_client", 7000218, "The request body must contain the following parameter: 'client_secret'.");

    internal static OAuthError Disabled(string name) =>
        new(401, "invalid_client", 7000112, $"The application '{Shorten(name)}' is disabled. Somebody who administers the directory can enable it.");

    internal static OAuthError UnsupportedGrant(string grant) =>
        new(400, "unsupported_grant_type", 70003, $"The grant type '{Shorten(grant)}' is not supported. Use client_credentials, authorization_code, refresh_token or the device code.");

    internal static OAuthError UnknownResource(string resource) =>
        new(400, "invalid_scope", 500011, $"The resource '{Shorten(resource)}' was not found in the tenant. Ask for this server's address followed by /.default.");

    internal static OAuthError MalformedScope(string message) => new(400, "invalid_scope", 70011, message);

    internal static OAuthError PublicClient { get; } = new(401, "invalid_client", 700025, "Client is public: it must not present a client_secret.");

    /// <summary>What a device is told that gets no tokens (RFC 8628, 3.5).</summary>
    internal static OAuthError Of(DevicePoll poll) => poll switch
    {
        DevicePoll.Pending => new(400, "authorization_pending", 70016, "Nobody has confirmed the code yet. Go on asking.") { IsCounted = true },
        DevicePoll.SlowDown => new(400, "slow_down", 70016, "Asked too often: wait five seconds longer between two questions from now on.") { IsCounted = true },
        DevicePoll.Expired => new(400, "expired_token", 70020, "The code is older than 15 minutes. Ask for a new one."),
        DevicePoll.Denied => new(400, "access_denied", 70018, "The person refused to sign this device in."),
        _ => new(400, "invalid_grant", 70018, "The device code is not good: it is unknown, used, or another client's."),
    };

    /// <summary>What a client is told whose refresh token gives nothing.</summary>
    internal static OAuthError Of(RefreshOutcome outcome) => outcome == RefreshOutcome.Expired
        ? new(400, "invalid_grant", 700082, "The refresh token has expired: it was not used for 7 days, or the sign-in is 30 days old. Sign in again.")
        : new(400, "invalid_grant", 50173, "The refresh token is not good: it is unknown, was used before, belongs to another client, or the sign-in was ended. Sign in again.");

    internal static OAuthError BadCode { get; } =
        new(400, "invalid_grant", 54005, "The authorization code is not good: it is unknown, expired, already used, or was given to another client, address or verifier. Sign in again.");

    internal IResult ToResult(HttpContext context, TimeProvider time)
    {
        NoStore(context.Response);
        var body = new
        {
            error = Error,
            error_description = Description,
            error_codes = new[] { Number },
            timestamp = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            trace_id = Guid.NewGuid(),
            correlation_id = Guid.TryParse(context.Request.Headers["client-request-id"], out Guid id) ? id : Guid.NewGuid(),
        };
        return Results.Json(body, statusCode: Status);
    }

    internal static void NoStore(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
