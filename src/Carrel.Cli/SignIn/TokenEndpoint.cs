using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;

namespace Carrel.Cli.SignIn;

/// <summary>A token with its end; the refresh token is there only when the server gave one.</summary>
internal sealed record Token(string AccessToken, DateTimeOffset ExpiresOn, string? RefreshToken);

/// <summary>What a device shows, and how it waits.</summary>
internal sealed record DeviceStart(string Code, string UserCode, string Page, TimeSpan Lifetime, TimeSpan Interval);

/// <summary>The server's OAuth 2.0 token route (wire.md 2.1).</summary>
internal sealed class TokenEndpoint(ArmClient client, string tenant, TimeProvider time)
{
    /// <summary>Client id of this program as a public client, registered by the server under the name CarrelCli.</summary>
    public const string PublicClientId = "c4a77e10-0000-4000-8000-0000000000c1";

    /// <summary>The scope that means "everything I may do on this server".</summary>
    public string Scope => client.Server.GetLeftPart(UriPartial.Authority) + "/.default";

    /// <summary>The same for a person, who stays signed in (<c>offline_access</c>).</summary>
    private string PersonScope => Scope + " openid profile offline_access";

    /// <summary>The page where a person signs in (authorization code with PKCE, RFC 7636).</summary>
    public Uri AuthorizePage(string redirect, string state, string challenge)
    {
        var query = new Dictionary<string, string>
        {
            ["client_id"] = PublicClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = redirect,
            ["response_mode"] = "query",
            ["scope"] = PersonScope,
            ["state"] = state,
            ["code_challenge"] = challenge,
            ["code_challenge_method"] = "S256",
        };
        var text = string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return new Uri(client.Server, $"{Uri.EscapeDataString(tenant)}/oauth2/v2.0/authorize?{text}");
    }

    /// <summary>A service principal's token.</summary>
    public Task<Token> WithSecretAsync(string clientId, string secret, CancellationToken cancel) => RequestAsync(new()
    {
        ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = secret, ["scope"] = Scope,
    }, cancel);

    /// <summary>A person's token for the code that came back from the browser.</summary>
    public Task<Token> WithCodeAsync(string code, string redirect, string verifier, CancellationToken cancel) => RequestAsync(new()
    {
        ["grant_type"] = "authorization_code", ["client_id"] = PublicClientId, ["code"] = code, ["redirect_uri"] = redirect,
        ["code_verifier"] = verifier, ["scope"] = PersonScope,
    }, cancel);

    /// <summary>A new token for an old sign-in; null when that has ended.</summary>
    public async Task<Token?> TryRefreshAsync(string refreshToken, CancellationToken cancel)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token", ["client_id"] = PublicClientId, ["refresh_token"] = refreshToken, ["scope"] = PersonScope,
        };
        var (status, text) = await client.PostFormAsync(Route("token"), form, cancel);
        var body = Parse(text);
        return TokenOf(status, body) ?? (body?["error"]?.ToString() == "invalid_grant" ? null
            : throw CliException.NotSignedIn($"Sign-in was refused: {Reason(body, status)}"));
    }

    /// <summary>Begins a sign-in on another device.</summary>
    public async Task<DeviceStart> BeginDeviceAsync(CancellationToken cancel)
    {
        var form = new Dictionary<string, string> { ["client_id"] = PublicClientId, ["scope"] = PersonScope };
        var (status, text) = await client.PostFormAsync(Route("devicecode"), form, cancel);
        var body = Parse(text);
        if (status != 200 || body?["device_code"]?.ToString() is not { Length: > 0 } code)
            throw CliException.NotSignedIn($"Sign-in was refused: {Reason(body, status)}");
        return new DeviceStart(code, body["user_code"]?.ToString() ?? "", body["verification_uri"]?.ToString() ?? "", Seconds(body, "expires_in", 900), Seconds(body, "interval", 5));
    }

    /// <summary>Asks whether the person has answered.</summary>
    /// <returns>The token, or the OAuth error word with its description.</returns>
    public async Task<(Token? Token, string Error, string Reason)> TryDeviceAsync(string code, CancellationToken cancel)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code", ["client_id"] = PublicClientId, ["device_code"] = code,
        };
        var (status, text) = await client.PostFormAsync(Route("token"), form, cancel);
        var body = Parse(text);
        return TokenOf(status, body) is { } token ? (token, "", "") : (null, (body?["error"] as JsonValue)?.ToString() ?? "", Reason(body, status));
    }

    /// <summary>Ends a sign-in at the server (RFC 7009).</summary>
    public async Task EndAsync(string refreshToken, CancellationToken cancel) =>
        await client.PostFormAsync(Route("revoke"), new Dictionary<string, string> { ["client_id"] = PublicClientId, ["token"] = refreshToken }, cancel);

    private string Route(string name) => $"{Uri.EscapeDataString(tenant)}/oauth2/v2.0/{name}";

    private async Task<Token> RequestAsync(Dictionary<string, string> form, CancellationToken cancel)
    {
        var (status, text) = await client.PostFormAsync(Route("token"), form, cancel);
        var body = Parse(text);
        return TokenOf(status, body) ?? throw CliException.NotSignedIn($"Sign-in was refused: {Reason(body, status)}");
    }

    private Token? TokenOf(int status, JsonObject? body) => status == 200 && body?["access_token"]?.ToString() is { Length: > 0 } access
        ? new Token(access, time.GetUtcNow() + Seconds(body, "expires_in", 0), body["refresh_token"]?.ToString())
        : null;

    private static TimeSpan Seconds(JsonObject body, string member, double otherwise) =>
        TimeSpan.FromSeconds(double.TryParse(body[member]?.ToString(), CultureInfo.InvariantCulture, out var given) && given is >= 0 and < 1e7 ? given : otherwise);

    private static string Reason(JsonObject? body, int status) =>
        body?["error_description"]?.ToString() ?? (body?["error"] as JsonValue)?.ToString() ?? $"status {status}";

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
