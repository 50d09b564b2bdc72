using System.Collections.Concurrent;
using Carrel.Access.Directory;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tokens;

/// <summary>
/// Remembers good tokens by their whole text (performance facts: a hit costs about 1/200 of a check). Time, revocation and how the principal
/// stands are looked at on every hit; a change of the keys forgets everything.
/// </summary>
public sealed class ValidatedTokens(
    TokenValidator validator, SigningKeys keys, RevokedGrants revoked, IPrincipalStandings standings, ITokenGrants grants, TimeProvider time)
{
    private const int Most = 10_000;

    // One per set of keys; swapped when the keys change or when it is full.
    private volatile Remembered _remembered = new(keys.Published);

    /// <summary>Checks a token and whether its principal is still there, may act and has not ended its sign-ins since; from memory where possible.</summary>
    public ValueTask<TokenValidation> ValidateAsync(ReadOnlySpan<char> token, CancellationToken cancellation)
    {
        TokenValidation genuine = Validate(token);
        return genuine.Caller is { } caller ? RequireStandingAsync(genuine, caller, cancellation) : new(genuine);
    }

    /// <summary>Checks the token alone.</summary>
    internal TokenValidation Validate(ReadOnlySpan<char> token)
    {
        IReadOnlyList<SigningKey> published = keys.Published;
        Remembered remembered = _remembered;
        if (!ReferenceEquals(remembered.Keys, published))
            _remembered = remembered = new Remembered(published);

        if (!remembered.Lookup.TryGetValue(token, out TokenValidation? known))
        {
            known = validator.Validate(token);
            if (known.Fault != TokenFault.None)
                return known;
            if (remembered.Tokens.Count >= Most)
                _remembered = remembered = new Remembered(published);
            remembered.Tokens[token.ToString()] = known;
        }

        if (revoked.Contains(known.GrantId))
            return TokenValidation.Refused(TokenFault.Invalid);
        TokenFault fault = TokenValidator.CheckTime(known.NotBefore, known.ExpiresAt, time.GetUtcNow());
        if (fault == TokenFault.None)
            return known;
        remembered.Tokens.TryRemove(token.ToString(), out _);
        return TokenValidation.Refused(fault);
    }

    private async ValueTask<TokenValidation> RequireStandingAsync(TokenValidation genuine, Caller caller, CancellationToken cancellation) =>
        await standings.FindAsync(caller.ObjectId, cancellation) is { } standing && standing.Honours(genuine.IssuedAt)
        && (genuine.GrantId is not { } grant || await grants.HoldsAsync(grant, caller.ObjectId, cancellation))
            ? genuine
            : TokenValidation.Refused(TokenFault.Invalid);

    private sealed class Remembered
    {
        internal Remembered(IReadOnlyList<SigningKey> keys)
        {
            Keys = keys;
            Lookup = Tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        internal IReadOnlyList<SigningKey> Keys { get; }

        internal ConcurrentDictionary<string, TokenValidation> Tokens { get; } = new(StringComparer.Ordinal);

        internal ConcurrentDictionary<string, TokenValidation>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }
    }
}
