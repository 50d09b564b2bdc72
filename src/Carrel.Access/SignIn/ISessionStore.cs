namespace Carrel.Access.SignIn;

/// <summary>Where sessions are kept. Every method is one atomic step.</summary>
public interface ISessionStore
{
    /// <summary>Keeps a new session, and drops those that ended before the instants given.</summary>
    /// <returns>False when its parent session is gone or its code was replayed: then nothing is kept.</returns>
    Task<bool> TryAddAsync(Session session, DateTimeOffset createdAfter, DateTimeOffset seenAfter, CancellationToken cancellation);

    /// <summary>Finds a session by the hash of its token.</summary>
    Task<Session?> FindAsync(string tokenHash, CancellationToken cancellation);

    /// <summary>Whether a person has a session of an instance that began and was used after the instants given.</summary>
    Task<bool> AnyAsync(string instanceUid, Guid userObjectId, DateTimeOffset createdAfter, DateTimeOffset seenAfter, CancellationToken cancellation);

    /// <summary>Moves the last use forward.</summary>
    Task TouchAsync(string tokenHash, DateTimeOffset seenAt, CancellationToken cancellation);

    /// <summary>Ends a session and those that came from it.</summary>
    Task RevokeAsync(Guid id, CancellationToken cancellation);

    /// <summary>Ends every session of a person.</summary>
    Task RevokeUserAsync(Guid userObjectId, CancellationToken cancellation);

    /// <summary>Ends every session of an instance.</summary>
    Task RevokeInstanceAsync(string instanceUid, CancellationToken cancellation);
}
