using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;

namespace Carrel.Cli.SignIn;

/// <summary>A token with its end; the refresh token is there only when the server gave one.</summary>
internal sealed record Token(string AccessToken, DateTimeOffset ExpiresOn, string? RefreshToken);

/// <summary>The server's OAuth 2.0 token route (wire.md 2.1).</summary>
internal sealed class TokenEndpoint(ArmClient client, string tenant, TimeProvider time)
{
    /// <summary>Client id of this program as a public client, registered by the server under the name CarrelCli.</summary>
    public const string PublicClientId = "c4a77e10-0000-4000-8000-0000000000c1";

    /// <summary>The scope that means "everything I may do on this server".</summary>
    public string Scope => client.Server.GetLeftPart(UriPartial.Authority) + "/.default";

    /// <summary>The page where a person signs in (authorization code with PKCE, RFC 7636).</summary>
    public Uri AuthorizePage(string redirect, string state, string challenge)
    {
        var query = new Dictionary<string, string>
        {
            ["client_id"] = PublicClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = redirect,
            ["response_mode"] = "query",
            ["scope"] = Scope,
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
        ["code_verifier"] = verifier, ["scope"] = Scope,
    }, cancel);

    /// <summary>A new token for an old sign-in.</summary>
    public Task<Token> WithRefreshAsync(string refreshToken, CancellationToken cancel) => RequestAsync(new()
    {
        ["grant_type"] = "refresh_token", ["client_id"] = PublicClientId, ["refresh_token"] = refreshToken, ["scope"] = Scope,
    }, cancel);

    private async Task<Token> RequestAsync(Dictionary<string, string> form, CancellationToken cancel)
    {
        var (status, text) = await client.PostFormAsync($"{Uri.EscapeDataString(tenant)}/oauth2/v2.0/token", form, cancel);
        var body = Parse(text);
        if (status == 200 && body?["access_token"]?.ToString() is { Length: > 0 } access)
        {
            var seconds = double.TryParse(body["expires_in"]?.ToString(), CultureInfo.InvariantCulture, out var given) ? given : 0;
            return new Token(access, time.GetUtcNow().AddSeconds(seconds), body["refresh_token"]?.ToString());
        }
        var reason = body?["error_description"]?.ToString() ?? (body?["error"] as JsonValue)?.ToString() ?? $"status {status}";
        throw CliException.NotSignedIn($"Sign-in was refused: {reason}");
    }

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
