using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
using Microsoft.Extensions.Logging;

namespace Carrel.Access.Authority;

/// <summary>A redeemed code: who signed in, through what.</summary>
/// <param name="User">The person.</param>
/// <param name="GrantId">Give this to whatever is made from the code, so that a replay ends it.</param>
/// <param name="SessionId">The studio session; give it on as the parent of an instance session.</param>
/// <param name="Scope">Scopes asked for.</param>
/// <param name="Nonce">For the id token, or null.</param>
public sealed record RedeemedCode(DirectoryUser User, string GrantId, Guid SessionId, string Scope, string? Nonce);

/// <summary>Gives and redeems authorization codes: one use, 60 seconds, bound to client, redirect URI, PKCE challenge and person.</summary>
public sealed partial class AuthorizationCodes(
    IAuthorizationCodeStore store,
    IDirectoryStore directory,
    Sessions sessions,
    RevokedGrants revoked,
    TimeProvider time,
    ILogger<AuthorizationCodes> log)
{
    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    // A used code is kept while something made from it may live, so that its replay is noticed. Sessions notice through their own rows.
    private static readonly TimeSpan Kept = Sessions.LongestLife;

    /// <summary>Makes a code.</summary>
    /// <returns>The code for the redirect; only its hash is kept.</returns>
    public async Task<string> IssueAsync(
        SignedIn person, string clientId, string redirectUri, string challenge, string scope, string? nonce, CancellationToken cancellation)
    {
        string code = ClientSecrets.Create();
        DateTimeOffset now = time.GetUtcNow();
        var kept = new AuthorizationCode(
            ClientSecrets.Hash(code), clientId, redirectUri, challenge, person.User.ObjectId, person.Session.Id, scope, nonce, now + Lifetime);
        await store.AddAsync(kept, now - Kept, cancellation);
        return code;
    }

    /// <summary>
    /// Redeems a code. It is used up whatever comes out: whoever holds it without its verifier has stolen it. A second use ends the tokens
    /// and sessions of the first (RFC 6749, 4.1.2).
    /// </summary>
    /// <returns>The person and what to remember, or null: the code is not good, for whatever reason.</returns>
    public async Task<RedeemedCode?> RedeemAsync(string code, string clientId, string redirectUri, string verifier, CancellationToken cancellation)
    {
        if (code.Length != 43)
            return null;
        DateTimeOffset now = time.GetUtcNow();
        (CodeUse use, AuthorizationCode? kept) = await store.UseAsync(ClientSecrets.Hash(code), now, cancellation);
        if (use == CodeUse.Replay && kept is not null)
        {
            revoked.Add(kept.Hash);
            sessions.Forget();
            CodeReplayed(log, kept.ClientId, kept.UserObjectId);
        }

        if (use != CodeUse.First || kept is null || now >= kept.ExpiresAt
            || kept.ClientId != clientId || kept.RedirectUri != redirectUri || !Proves(verifier, kept.Challenge))
            return null;
        DirectoryUser? user = await directory.FindUserAsync(kept.UserObjectId, cancellation);
        return user is null || !user.Honours(kept.ExpiresAt - Lifetime) ? null : new RedeemedCode(user, kept.Hash, kept.SessionId, kept.Scope, kept.Nonce);
    }

    /// <summary>Whether a text is a PKCE challenge of method S256: 32 bytes as base64url.</summary>
    internal static bool IsChallenge(string text) => text.Length == 43 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool Proves(string verifier, string challenge)
    {
        // RFC 7636, 4.1: 43 to 128 unreserved characters.
        if (verifier.Length is < 43 or > 128 || !verifier.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~'))
            return false;
        string proof = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(proof), Encoding.ASCII.GetBytes(challenge));
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning,
        Message = "An authorization code of client {ClientId} was used twice; what the first use gave to {UserObjectId} is revoked.")]
    private static partial void CodeReplayed(ILogger log, string clientId, Guid userObjectId);
}
