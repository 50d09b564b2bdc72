using System.Globalization;
using System.Text.Json.Nodes;

namespace Carrel.Cli.SignIn;

/// <summary>The token part of the configuration file.</summary>
internal static class TokenCache
{
    /// <summary>The token kept for a server; null when there is none or it belongs to another server.</summary>
    public static Token? Load(JsonObject content, Uri server)
    {
        // A token goes only to the server that gave it, whatever CARREL_URL says today.
        if (content["token"] is not JsonObject stored || stored["server"]?.ToString() != server.AbsoluteUri)
            return null;
        var expires = DateTimeOffset.TryParse(stored["expires_on"]?.ToString(), CultureInfo.InvariantCulture, out var instant) ? instant : default;
        return stored["access_token"]?.ToString() is { Length: > 0 } access ? new Token(access, expires, stored["refresh_token"]?.ToString()) : null;
    }

    /// <summary>Puts a token into the content of the file.</summary>
    public static void Store(JsonObject content, Uri server, Token token) => content["token"] = new JsonObject
    {
        ["server"] = server.AbsoluteUri,
        ["access_token"] = token.AccessToken,
        ["expires_on"] = token.ExpiresOn.ToString("O", CultureInfo.InvariantCulture),
        ["refresh_token"] = token.RefreshToken,
    };
}
