using Microsoft.AspNetCore.Http;

namespace Carrel.Arm.Identity;

/// <summary>Tells who sent a request to the ARM surface. Implemented by Access.</summary>
public interface IArmAuthenticator
{
    /// <summary>Reads and checks the bearer token of the request.</summary>
    /// <returns>The caller, or the reason why there is none (for the 401 body; it never says more than an attacker knows).</returns>
    ValueTask<AuthenticationOutcome> AuthenticateAsync(HttpRequest request);

    /// <summary>Value of <c>WWW-Authenticate</c> in a 401 (wire contract 1.6).</summary>
    string Challenge { get; }
}

/// <summary>Outcome of authentication: a caller, or a code and a message for the 401.</summary>
/// <param name="Caller">The caller, or null when refused.</param>
/// <param name="Code">ARM error code of the refusal, such as <c>AuthenticationFailed</c>, <c>ExpiredAuthenticationToken</c>.</param>
/// <param name="Message">Text of the refusal.</param>
public sealed record AuthenticationOutcome(Caller? Caller, string? Code = null, string? Message = null);
