using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.Access.Tokens;

namespace Carrel.Access.Authority;

/// <summary>A good answer of the token endpoint.</summary>
internal sealed record TokenAnswer(IssuedToken Access, IssuedToken? Identity, string? Scope)
{
    /// <summary>For the next time, or null.</summary>
    internal string? RefreshToken { get; init; }

    /// <summary>Object id and tenant of the person, by which MSAL keeps accounts apart; null when it was not asked for.</summary>
    internal (Guid ObjectId, Guid TenantId)? ClientInfo { get; init; }

    internal JsonObject ToBody()
    {
        var body = new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = Access.LifetimeSeconds,
            ["ext_expires_in"] = Access.LifetimeSeconds,
            ["access_token"] = Access.Value,
        };
        if (Scope is { Length: > 0 })
            body["scope"] = Scope;
        if (Identity is not null)
            body["id_token"] = Identity.Value;
        if (RefreshToken is not null)
            body["refresh_token"] = RefreshToken;
        if (ClientInfo is { } info)
            body["client_info"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{{\"uid\":\"{info.ObjectId}\",\"utid\":\"{info.TenantId}\"}}"));
        return body;
    }
}
