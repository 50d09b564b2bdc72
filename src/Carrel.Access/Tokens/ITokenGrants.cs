namespace Carrel.Access.Tokens;

/// <summary>
/// Whether what a token came from still holds. Asked at every use of a token that came from something which can end: so it is worth nothing from the
/// moment it ended, however long the token says it is good.
/// </summary>
public interface ITokenGrants
{
    /// <summary>Whether it holds.</summary>
    /// <param name="grantId">What the token came from.</param>
    /// <param name="objectId">Whom the token speaks for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<bool> HoldsAsync(string grantId, Guid objectId, CancellationToken cancellation);
}

/// <summary>Where nothing but codes gives tokens: a code's end is kept in <see cref="RevokedGrants"/>.</summary>
internal sealed class EveryGrant : ITokenGrants
{
    /// <inheritdoc/>
    public ValueTask<bool> HoldsAsync(string grantId, Guid objectId, CancellationToken cancellation) => new(true);
}
