namespace Carrel.Access.Authority.Refresh;

/// <summary>A refresh token that is presented.</summary>
/// <param name="Hash">Lower-case hex SHA-256 of it.</param>
/// <param name="NextHash">The same of the one that takes its place.</param>
/// <param name="ClientId">Who presents it.</param>
/// <param name="From">Client address.</param>
/// <param name="Now">The present.</param>
public sealed record RefreshUse(string Hash, string NextHash, string ClientId, string From, DateTimeOffset Now);

/// <summary>Where sign-ins that can be prolonged are kept. Every method is one atomic step.</summary>
public interface IRefreshTokenStore
{
    /// <summary>Keeps a new sign-in with its first token, and drops those that ended long ago.</summary>
    /// <returns>False when its code was replayed, or its person may not act or has ended such sign-ins: then nothing is kept.</returns>
    Task<bool> TryAddAsync(RefreshGrant grant, string tokenHash, RefreshRule rule, CancellationToken cancellation);

    /// <summary>
    /// Uses a token up and puts the next one in its place, by <see cref="RefreshDecision"/>. A reused one ends the sign-in in the same step.
    /// </summary>
    /// <returns>What came of it, and the sign-in where there is one.</returns>
    Task<(RefreshOutcome Outcome, RefreshGrant? Grant)> UseAsync(RefreshUse use, RefreshRule rule, CancellationToken cancellation);

    /// <summary>Ends the sign-in that a token belongs to.</summary>
    /// <returns>The sign-in, or null: no such token of this client, or it had ended.</returns>
    Task<RefreshGrant?> EndAsync(string tokenHash, string clientId, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ids of the sign-ins that were ended since an instant: access tokens of theirs may still be about.</summary>
    Task<IReadOnlyList<string>> ListEndedAsync(DateTimeOffset since, CancellationToken cancellation);
}
