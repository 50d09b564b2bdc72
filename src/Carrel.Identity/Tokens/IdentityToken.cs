using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Access.Tokens;
using Carrel.AgentProtocol.Identity;
using Carrel.Instances.Resources;

namespace Carrel.Identity.Tokens;

/// <summary>A token of an identity, in the words of the endpoint that gives it.</summary>
/// <param name="Token">The token.</param>
/// <param name="Identity">Whose.</param>
/// <param name="Resource">For whom it is, exactly as asked.</param>
internal sealed record IdentityToken(IssuedToken Token, AssignedIdentity Identity, string Resource)
{
    /// <summary>The answer of <c>MSI_ENDPOINT</c> (contract 9.3; wire 2.2): every value is a text.</summary>
    internal JsonObject ToMsi() => new()
    {
        ["access_token"] = Token.Value,
        ["expires_on"] = Seconds(Token.ExpiresAt.ToUnixTimeSeconds()),
        ["resource"] = Resource,
        ["token_type"] = "Bearer",
        ["client_id"] = Identity.ClientId.ToString("D"),
    };

    /// <summary>The answer of the metadata service (contract 9.3; wire 2.3): times are texts.</summary>
    internal JsonObject ToImds(DateTimeOffset now)
    {
        string left = Seconds(Math.Max(0, (Token.ExpiresAt - now).Ticks / TimeSpan.TicksPerSecond));
        return new JsonObject
        {
            ["access_token"] = Token.Value,
            ["refresh_token"] = "",
            ["expires_in"] = left,
            ["ext_expires_in"] = left,
            ["expires_on"] = Seconds(Token.ExpiresAt.ToUnixTimeSeconds()),
            ["not_before"] = Seconds((Token.ExpiresAt - TokenIssuer.LongestLifetime).ToUnixTimeSeconds()),
            ["resource"] = Resource,
            ["token_type"] = "Bearer",
            ["client_id"] = Identity.ClientId.ToString("D"),
        };
    }

    private static string Seconds(long seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A token, or why there is none; exactly one of the two.</summary>
/// <param name="Token">The token.</param>
/// <param name="Refusal">The refusal.</param>
internal sealed record IdentityAnswer(IdentityToken? Token, IdentityRefusal? Refusal);
