using System.Text.Json.Nodes;
using Carrel.Access.Tokens;

namespace Carrel.Access.Authority;

/// <summary>A good answer of the token endpoint.</summary>
internal sealed record TokenAnswer(IssuedToken Access, IssuedToken? Identity, string? Scope)
{
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
        return body;
    }
}
