using System.Collections.Concurrent;
using Carrel.Access.Directory;

namespace Carrel.Access.SignIn;

/// <summary>A person with the session they came with.</summary>
/// <param name="Session">The session.</param>
/// <param name="User">The person.</param>
public sealed record SignedIn(Session Session, DirectoryUser User);

/// <summary>Begins, finds and ends sessions. Used by the studio's pages and, with cookies of its own, by the gateway.</summary>
public sealed class Sessions(ISessionStore store, IDirectoryStore directory, TimeProvider time)
{
    /// <summary>A session that is not used for so long ends.</summary>
    public static readonly TimeSpan Sliding = TimeSpan.FromHours(12);

    /// <summary>A session ends so long after it began, used or not.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(7);

    /// <summary>The last use is written no more often than this.</summary>
    public static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(5);

    // A proxied request must not cost a read of the store each. What another server revokes is noticed here after this time; what this
    // server revokes, at once.
    private static readonly TimeSpan Remember = TimeSpan.FromSeconds(5);
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, (SignedIn Found, DateTimeOffset At)> _recent = new(StringComparer.Ordinal);
    // Counts revocations, so that a read that began before one is not remembered after it.
    private long _revocations;

    /// <summary>Begins a session at the studio's origin.</summary>
    /// <returns>The token for the cookie.</returns>
    public async Task<string> BeginStudioAsync(Guid userObjectId, CancellationToken cancellation) =>
        await BeginAsync(SessionKind.Studio, null, userObjectId, null, null, cancellation)
        ?? throw new InvalidOperationException("A studio session has no parent that could be gone.");

    /// <summary>Begins a session at an instance's origin.</summary>
    /// <param name="instanceUid">Unique id of the instance.</param>
    /// <param name="userObjectId">Who, from the redeemed code.</param>
    /// <param name="parentId">The studio session, from the redeemed code.</param>
    /// <param name="grantId">The redeemed code's id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The token for the cookie, or null when the studio session ended, or the code was replayed, meanwhile.</returns>
    public Task<string?> BeginInstanceAsync(string instanceUid, Guid userObjectId, Guid parentId, string grantId, CancellationToken cancellation) =>
        BeginAsync(SessionKind.Instance, instanceUid, userObjectId, parentId, grantId, cancellation);

    /// <summary>Finds the session of a cookie's token and prolongs it.</summary>
    /// <param name="token">The cookie's value; null or nonsense finds nothing.</param>
    /// <param name="kind">The kind asked for: a token of another kind finds nothing.</param>
    /// <param name="instanceUid">The instance asked for; null for the studio.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<SignedIn?> FindAsync(string? token, SessionKind kind, string? instanceUid, CancellationToken cancellation)
    {
        if (token is null || token.Length != 43)
            return null;
        string hash = ClientSecrets.Hash(token);
        DateTimeOffset now = time.GetUtcNow();
        SignedIn? found = _recent.TryGetValue(hash, out (SignedIn Found, DateTimeOffset At) recent) && now - recent.At < Remember && now >= recent.At
            ? recent.Found
            : await ReadAsync(hash, now, cancellation);
        if (found is null || !IsAlive(found.Session, now))
            return null;
        return found.Session.Kind == kind && found.Session.InstanceUid == instanceUid ? found : null;
    }

    /// <summary>Whether a person is signed in to an instance, in whatever browser.</summary>
    public Task<bool> IsSignedInAsync(string instanceUid, Guid userObjectId, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.AnyAsync(instanceUid, userObjectId, now - LongestLife, now - Sliding, cancellation);
    }

    /// <summary>Ends a session and those that came from it.</summary>
    public async Task EndAsync(Session session, CancellationToken cancellation)
    {
        await store.RevokeAsync(session.Id, cancellation);
        Forget();
    }

    /// <summary>Ends every session of a person.</summary>
    public async Task EndAllOfUserAsync(Guid userObjectId, CancellationToken cancellation)
    {
        await store.RevokeUserAsync(userObjectId, cancellation);
        Forget();
    }

    /// <summary>Ends every session of an instance, for instance when it is deleted.</summary>
    public async Task EndAllOfInstanceAsync(string instanceUid, CancellationToken cancellation)
    {
        await store.RevokeInstanceAsync(instanceUid, cancellation);
        Forget();
    }

    /// <summary>Forgets what is remembered of the store.</summary>
    internal void Forget()
    {
        Interlocked.Increment(ref _revocations);
        _recent.Clear();
    }

    private async Task<SignedIn?> ReadAsync(string hash, DateTimeOffset now, CancellationToken cancellation)
    {
        long before = Interlocked.Read(ref _revocations);
        Session? session = await store.FindAsync(hash, cancellation);
        if (session is null || !IsAlive(session, now)
            || await directory.FindUserAsync(session.UserObjectId, cancellation) is not { } user || !user.Honours(session.CreatedAt))
        {
            _recent.TryRemove(hash, out _);
            return null;
        }

        if (now - session.LastSeenAt >= SeenStep)
        {
            await store.TouchAsync(hash, now, cancellation);
            session = session with { LastSeenAt = now };
        }

        var found = new SignedIn(session, user);
        if (_recent.Count >= MostRemembered)
            _recent.Clear();
        _recent[hash] = (found, now);
        if (Interlocked.Read(ref _revocations) != before)
            _recent.TryRemove(hash, out _);
        return found;
    }

    private async Task<string?> BeginAsync(
        SessionKind kind, string? instanceUid, Guid user, Guid? parent, string? grant, CancellationToken cancellation)
    {
        string token = ClientSecrets.Create();
        DateTimeOffset now = time.GetUtcNow();
        var session = new Session(Guid.NewGuid(), ClientSecrets.Hash(token), kind, instanceUid, user, now, now, parent, grant);
        return await store.TryAddAsync(session, now - LongestLife, now - Sliding, cancellation) ? token : null;
    }

    private static bool IsAlive(Session session, DateTimeOffset now) =>
        now - session.LastSeenAt < Sliding && now - session.CreatedAt < LongestLife;
}
