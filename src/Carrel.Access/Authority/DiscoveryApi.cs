using System.Text.Json.Nodes;
using Carrel.Access.Authority.Grants;
using Carrel.Access.Directory;
using Carrel.Access.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Authority;

/// <summary>Tells clients where the authority's addresses and keys are (wire contract 2.1).</summary>
internal static class DiscoveryApi
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", Configuration_Get);
        routes.MapGet("/{tenant}/discovery/v2.0/keys", Keys_List);
        routes.MapGet("/common/discovery/instance", Instance_Get);
    }

    private static IResult Configuration_Get(
        string tenant, HttpContext context, HomeTenant home, TokenIssuer issuer, AccessOptions options, TimeProvider time)
    {
        if (!home.Answers(tenant))
            return OAuthError.UnknownTenant(tenant).ToResult(context, time);
        string authority = $"{options.Origin}/{home.Value.Id}";
        return Results.Json(new JsonObject
        {
            ["issuer"] = issuer.Issuer,
            ["authorization_endpoint"] = authority + "/oauth2/v2.0/authorize",
            ["token_endpoint"] = authority + "/oauth2/v2.0/token",
            ["device_authorization_endpoint"] = authority + "/oauth2/v2.0/devicecode",
            ["revocation_endpoint"] = authority + "/oauth2/v2.0/revoke",
            ["jwks_uri"] = authority + "/discovery/v2.0/keys",
            ["response_types_supported"] = new JsonArray("code"),
            ["response_modes_supported"] = new JsonArray("query"),
            ["grant_types_supported"] = new JsonArray("authorization_code", "client_credentials", "refresh_token", PersonGrant.DeviceCodeType),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray(TokenValidator.Algorithm),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "client_secret_basic", "none"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["scopes_supported"] = new JsonArray("openid", "profile", "offline_access"),
            ["claims_supported"] = new JsonArray("sub", "iss", "aud", "exp", "iat", "tid", "oid", "name", "preferred_username", "nonce"),
            ["cloud_instance_name"] = options.PublicUrl.Authority,
        });
    }

    private static IResult Keys_List(string tenant, HttpContext context, HomeTenant home, SigningKeys keys, TokenIssuer issuer, TimeProvider time)
    {
        if (!home.Answers(tenant))
            return OAuthError.UnknownTenant(tenant).ToResult(context, time);
        // Short, because a new key signs from its first moment.
        context.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Json(new
        {
            keys = keys.Published.Select(key => new
            {
                kty = "RSA", use = "sig", alg = TokenValidator.Algorithm, kid = key.Id, n = key.Modulus, e = key.Exponent, issuer = issuer.Issuer,
            }),
        });
    }

    private static IResult Instance_Get(AccessOptions options)
    {
        string host = options.PublicUrl.Authority;
        return Results.Json(new JsonObject
        {
            ["tenant_discovery_endpoint"] = options.Origin + "/common/v2.0/.well-known/openid-configuration",
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray(new JsonObject
            {
                ["preferred_network"] = host, ["preferred_cache"] = host, ["aliases"] = new JsonArray(host),
            }),
        });
    }
}
