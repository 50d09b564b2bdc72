namespace Carrel.Access.Authority.Refresh;

/// <summary>A sign-in that a client may prolong. Its refresh tokens come one after the other, each used once.</summary>
/// <param name="Id">Hash of the code it came from; access tokens of it carry the same.</param>
/// <param name="ClientId">The one client that may use it.</param>
/// <param name="UserObjectId">Who signed in.</param>
/// <param name="Scope">Scopes asked for at the sign-in.</param>
/// <param name="SignedInAt">When; it ends at the latest <see cref="RefreshRule.Longest"/> later.</param>
/// <param name="LastUsedAt">Last use; it ends <see cref="RefreshRule.Idle"/> later.</param>
public sealed record RefreshGrant(
    string Id, string ClientId, Guid UserObjectId, string Scope, DateTimeOffset SignedInAt, DateTimeOffset LastUsedAt);

/// <summary>How long a sign-in can be prolonged.</summary>
/// <param name="Idle">It ends when it was not used for so long.</param>
/// <param name="Longest">It ends so long after the sign-in.</param>
/// <param name="Together">
/// So long after its first use a token may be used again from the same address: two processes of one client share a cache and refresh at the same
/// moment, and an answer can get lost. Later, or from elsewhere, somebody has stolen it.
/// </param>
public sealed record RefreshRule(TimeSpan Idle, TimeSpan Longest, TimeSpan Together)
{
    /// <summary>Seven days, thirty days, ten seconds.</summary>
    public static RefreshRule Default { get; } = new(TimeSpan.FromDays(7), TimeSpan.FromDays(30), TimeSpan.FromSeconds(10));
}

/// <summary>What comes of a refresh token that is presented.</summary>
public enum RefreshOutcome
{
    /// <summary>It gives an access token and the next refresh token.</summary>
    Renewed,

    /// <summary>No such token, of another client, or its sign-in was ended.</summary>
    Unknown,

    /// <summary>Too long after the sign-in or the last use.</summary>
    Expired,

    /// <summary>It was used before: the sign-in ends for whoever holds it now.</summary>
    Reused,
}

/// <summary>The rule that every store applies inside its atomic step. Pure.</summary>
public static class RefreshDecision
{
    /// <summary>Decides what comes of a token.</summary>
    /// <param name="grant">The sign-in it belongs to, which has not ended and whose person may act.</param>
    /// <param name="clientId">Who presents it.</param>
    /// <param name="usedAt">When it was used first; null for never.</param>
    /// <param name="usedFrom">From where.</param>
    /// <param name="from">From where it is presented now.</param>
    /// <param name="now">The present.</param>
    /// <param name="rule">How long sign-ins can be prolonged.</param>
    public static RefreshOutcome Decide(
        RefreshGrant grant, string clientId, DateTimeOffset? usedAt, string? usedFrom, string from, DateTimeOffset now, RefreshRule rule)
    {
        if (grant.ClientId != clientId)
            return RefreshOutcome.Unknown;
        if (usedAt is { } first && (now - first >= rule.Together || usedFrom != from))
            return RefreshOutcome.Reused;
        return now - grant.SignedInAt >= rule.Longest || now - grant.LastUsedAt >= rule.Idle ? RefreshOutcome.Expired : RefreshOutcome.Renewed;
    }
}
