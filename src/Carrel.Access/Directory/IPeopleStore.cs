namespace Carrel.Access.Directory;

/// <summary>Where people are kept. Every method is one atomic step.</summary>
public interface IPeopleStore
{
    /// <summary>Finds a person by sign-in name, ignoring case.</summary>
    Task<DirectoryUser?> FindUserByNameAsync(string userName, CancellationToken cancellation);

    /// <summary>Finds a person by object id.</summary>
    Task<DirectoryUser?> FindUserAsync(Guid objectId, CancellationToken cancellation);

    /// <summary>All people, by sign-in name.</summary>
    Task<IReadOnlyList<DirectoryUser>> ListUsersAsync(CancellationToken cancellation);

    /// <summary>Adds a person.</summary>
    /// <returns>False when the sign-in name is taken, ignoring case, or any principal has the object id.</returns>
    Task<bool> TryAddUserAsync(DirectoryUser user, CancellationToken cancellation);

    /// <summary>Replaces a password hash if it still is the one given, so that a rehash never undoes a change of the password.</summary>
    Task ReplacePasswordHashAsync(Guid objectId, string oldHash, string newHash, CancellationToken cancellation);

    /// <summary>
    /// Counts one attempt to sign in before the password is looked at: so no more attempts than allowed can be under way, however parallel.
    /// Refused while locked; the attempt that reaches <see cref="LockOut.Failures"/> locks (and a success takes it back).
    /// An id that nobody has is counted like any other.
    /// </summary>
    /// <param name="objectId">Whose attempt.</param>
    /// <param name="now">The present.</param>
    /// <param name="rule">When it locks and for how long.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<SignInAttempt> BeginSignInAsync(Guid objectId, DateTimeOffset now, LockOut rule, CancellationToken cancellation);

    /// <summary>Forgets the counted attempts after a right password.</summary>
    Task RecordSignInAsync(Guid objectId, DateTimeOffset now, CancellationToken cancellation);
}
