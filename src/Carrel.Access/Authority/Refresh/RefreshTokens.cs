using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Carrel.Access.Authority.Refresh;

/// <summary>A prolonged sign-in: who, and the token for the next time.</summary>
/// <param name="User">The person.</param>
/// <param name="Grant">The sign-in.</param>
/// <param name="NextToken">The token that takes the place of the one that was used.</param>
public sealed record Refreshed(DirectoryUser User, RefreshGrant Grant, string NextToken);

/// <summary>Gives, exchanges and ends refresh tokens (RFC 6749, 6; RFC 9700, 4.14): rotated at every use, bound to their client, kept as hashes only.</summary>
public sealed partial class RefreshTokens(
    IRefreshTokenStore store, IDirectoryStore directory, RevokedGrants revoked, DirectoryEvents events, TimeProvider time, ILogger<RefreshTokens> log)
{
    /// <summary>The first token of a sign-in.</summary>
    /// <returns>The token; only its hash is kept. Null when the sign-in is over already.</returns>
    public async Task<string?> BeginAsync(string grantId, string clientId, DirectoryUser user, string scope, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        string token = ClientSecrets.Create();
        var grant = new RefreshGrant(grantId, clientId, user.ObjectId, scope, now, now);
        return await store.TryAddAsync(grant, ClientSecrets.Hash(token), RefreshRule.Default, cancellation) ? token : null;
    }

    /// <summary>Exchanges a token.</summary>
    /// <param name="token">What was presented.</param>
    /// <param name="clientId">By whom.</param>
    /// <param name="context">The request: its client address counts, and the event shows its user agent.</param>
    public async Task<(RefreshOutcome Outcome, Refreshed? Refreshed)> UseAsync(string token, string clientId, HttpContext context)
    {
        if (token.Length != 43)
            return (RefreshOutcome.Unknown, null);
        string next = ClientSecrets.Create();
        var use = new RefreshUse(
            ClientSecrets.Hash(token), ClientSecrets.Hash(next), clientId, context.Connection.RemoteIpAddress?.ToString() ?? "", time.GetUtcNow());
        (RefreshOutcome outcome, RefreshGrant? grant) = await store.UseAsync(use, RefreshRule.Default, context.RequestAborted);
        if (outcome == RefreshOutcome.Reused && grant is not null)
            await TellReuseAsync(grant, context);
        return outcome == RefreshOutcome.Renewed && grant is not null && await directory.FindUserAsync(grant.UserObjectId, context.RequestAborted) is { } user
            ? (outcome, new Refreshed(user, grant, next))
            : (outcome == RefreshOutcome.Renewed ? RefreshOutcome.Unknown : outcome, null);
    }

    /// <summary>Ends the sign-in of a token, and the access tokens that came from it; says nothing about tokens that are none.</summary>
    public async Task EndAsync(string token, string clientId, HttpContext context)
    {
        if (token.Length != 43 || await store.EndAsync(ClientSecrets.Hash(token), clientId, time.GetUtcNow(), context.RequestAborted) is not { } grant)
            return;
        revoked.Add(grant.Id);
        if (await directory.FindUserAsync(grant.UserObjectId, CancellationToken.None) is { } user)
            await events.SignedInAsync(user, DirectoryActions.SignOut, $"The client {clientId} signed out.", context.Request.Headers.UserAgent.ToString());
    }

    private async Task TellReuseAsync(RefreshGrant grant, HttpContext context)
    {
        revoked.Add(grant.Id);
        Reused(log, grant.ClientId, grant.UserObjectId);
        if (await directory.FindUserAsync(grant.UserObjectId, CancellationToken.None) is { } user)
        {
            await events.RefusedAsync(
                events.Of(user), user.UserName, DirectoryActions.RefreshReuse,
                $"A refresh token of client {grant.ClientId} was used twice; that sign-in and its tokens were ended.", context.Request.Headers.UserAgent.ToString());
        }
    }

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "A refresh token of client {ClientId} was used twice; that sign-in of {UserObjectId} was ended.")]
    private static partial void Reused(ILogger log, string clientId, Guid userObjectId);
}
