using Carrel.Access.Directory;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Carrel.Access.Tokens;

/// <summary>Reads the bearer token of a request.</summary>
public sealed class ArmAuthenticator(ValidatedTokens tokens, HomeTenant tenant, AccessOptions options) : IArmAuthenticator
{
    private const string Scheme = "Bearer ";

    private static readonly AuthenticationOutcome Missing = new(null, "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing or has no bearer token: sign in and send 'Authorization: Bearer <token>'.");

    private static readonly AuthenticationOutcome Invalid = new(null, "AuthenticationFailed",
        "Authentication failed. The access token is not valid here, or its sign-in was ended: get a new one from this server.");

    private static readonly AuthenticationOutcome WrongAudience = new(null, "AuthenticationFailed",
        "Authentication failed. The access token was issued for another audience: ask for this server's address, or for https://management.azure.com.");

    private static readonly AuthenticationOutcome Expired = new(null, "ExpiredAuthenticationToken",
        "The access token expired: get a new one.");

    /// <inheritdoc/>
    public string Challenge => $"Bearer authorization=\"{options.Origin}/{tenant.Value.Id}\", resource=\"{options.Origin}\"";

    /// <inheritdoc/>
    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(HttpRequest request)
    {
        StringValues headers = request.Headers.Authorization;
        // Two headers: which one would a proxy in front have checked?
        if (headers.Count != 1 || headers[0] is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Missing;
        TokenValidation result = await tokens.ValidateAsync(header.AsSpan(Scheme.Length).Trim(' '), request.HttpContext.RequestAborted);
        return result.Fault switch
        {
            TokenFault.None => new AuthenticationOutcome(result.Caller),
            TokenFault.Expired => Expired,
            TokenFault.WrongAudience => WrongAudience,
            _ => Invalid,
        };
    }
}
