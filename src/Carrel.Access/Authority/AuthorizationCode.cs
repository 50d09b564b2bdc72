namespace Carrel.Access.Authority;

/// <summary>A one-use code as it is kept.</summary>
/// <param name="Hash">Lower-case hex SHA-256 of the code; also the id of the grant that sessions and tokens remember.</param>
/// <param name="ClientId">Client it was given to.</param>
/// <param name="RedirectUri">Exact address it was sent to.</param>
/// <param name="Challenge">PKCE challenge, S256.</param>
/// <param name="UserObjectId">Who signed in.</param>
/// <param name="SessionId">The studio session it came from.</param>
/// <param name="Scope">Scopes asked for.</param>
/// <param name="Nonce">For the id token, or null.</param>
/// <param name="ExpiresAt">From then on it is refused.</param>
public sealed record AuthorizationCode(
    string Hash,
    string ClientId,
    string RedirectUri,
    string Challenge,
    Guid UserObjectId,
    Guid SessionId,
    string Scope,
    string? Nonce,
    DateTimeOffset ExpiresAt);

/// <summary>What the store found when a code was used.</summary>
public enum CodeUse
{
    /// <summary>No such code.</summary>
    Unknown,

    /// <summary>Its first use.</summary>
    First,

    /// <summary>It was used before; the store has ended what came from it.</summary>
    Replay,
}

/// <summary>Where codes are kept. Every method is one atomic step.</summary>
public interface IAuthorizationCodeStore
{
    /// <summary>Keeps a code and drops those that expired before the instant given.</summary>
    Task AddAsync(AuthorizationCode code, DateTimeOffset expiredBefore, CancellationToken cancellation);

    /// <summary>Marks a code as used. On a second use, marks it as replayed and ends the sessions that came from it, in the same step.</summary>
    Task<(CodeUse Use, AuthorizationCode? Code)> UseAsync(string hash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Hashes of the codes that were replayed and are still kept.</summary>
    Task<IReadOnlyList<string>> ListReplayedAsync(CancellationToken cancellation);
}
