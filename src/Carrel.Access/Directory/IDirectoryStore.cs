namespace Carrel.Access.Directory;

/// <summary>Where people and programs are kept. Every method is one atomic step.</summary>
public interface IDirectoryStore
{
    /// <summary>The tenant, or null before the first start.</summary>
    Task<Tenant?> FindTenantAsync(CancellationToken cancellation);

    /// <summary>Finds a person by sign-in name, ignoring case.</summary>
    Task<DirectoryUser?> FindUserByNameAsync(string userName, CancellationToken cancellation);

    /// <summary>Finds a person by object id.</summary>
    Task<DirectoryUser?> FindUserAsync(Guid objectId, CancellationToken cancellation);

    /// <summary>All people, by sign-in name.</summary>
    Task<IReadOnlyList<DirectoryUser>> ListUsersAsync(CancellationToken cancellation);

    /// <summary>Adds a person.</summary>
    /// <returns>False when the sign-in name is taken, ignoring case.</returns>
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

    /// <summary>Finds a program by application id.</summary>
    Task<ServicePrincipal?> FindServicePrincipalAsync(Guid clientId, CancellationToken cancellation);

    /// <summary>Finds a program by object id.</summary>
    Task<ServicePrincipal?> FindServicePrincipalByObjectIdAsync(Guid objectId, CancellationToken cancellation);

    /// <summary>Adds a program with its secrets.</summary>
    Task AddServicePrincipalAsync(ServicePrincipal principal, IReadOnlyList<ClientSecret> secrets, CancellationToken cancellation);

    /// <summary>Adds a secret to a program; the others stay good.</summary>
    Task AddClientSecretAsync(ClientSecret secret, CancellationToken cancellation);

    /// <summary>The secrets of a program, expired ones included.</summary>
    Task<IReadOnlyList<ClientSecret>> ListClientSecretsAsync(Guid clientId, CancellationToken cancellation);
}

/// <summary>When repeated wrong passwords lock, and for how long.</summary>
/// <param name="Failures">So many failures in a row lock.</param>
/// <param name="Duration">How long it stays locked.</param>
public sealed record LockOut(int Failures, TimeSpan Duration)
{
    /// <summary>Five failures, five minutes.</summary>
    public static LockOut Default { get; } = new(5, TimeSpan.FromMinutes(5));
}

/// <summary>Whether an attempt may go on.</summary>
/// <param name="Allowed">False while locked.</param>
/// <param name="Failures">Attempts since the last success, this one included.</param>
/// <param name="LockedUntil">End of the lock this attempt met or made; null when there is none.</param>
public sealed record SignInAttempt(bool Allowed, int Failures, DateTimeOffset? LockedUntil)
{
    /// <summary>The rule that every store applies inside its atomic step.</summary>
    /// <param name="failures">Attempts counted so far.</param>
    /// <param name="lockedUntil">The lock kept so far.</param>
    /// <param name="now">The present.</param>
    /// <param name="rule">When it locks and for how long.</param>
    public static SignInAttempt Next(int failures, DateTimeOffset? lockedUntil, DateTimeOffset now, LockOut rule)
    {
        if (lockedUntil > now)
            return new SignInAttempt(false, failures, lockedUntil);
        int counted = lockedUntil is null ? failures + 1 : 1;
        return new SignInAttempt(true, counted, counted >= rule.Failures ? now + rule.Duration : null);
    }
}
