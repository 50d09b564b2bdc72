using Carrel.Access.Directory.Administration;

namespace Carrel.Access.Directory;

/// <summary>Where principals are kept. Every method is one atomic step.</summary>
public interface IDirectoryStore : IPeopleStore, IProgramStore, IGroupStore
{
    /// <summary>Counts the changes of principals and memberships made through this store; a memory view is good as long as it stays.</summary>
    long Changes { get; }

    /// <summary>The tenant, or null before the first start.</summary>
    Task<Tenant?> FindTenantAsync(CancellationToken cancellation);

    /// <summary>How a principal of any kind stands, or null for an id that nobody has.</summary>
    Task<PrincipalStanding?> FindPrincipalAsync(Guid objectId, CancellationToken cancellation);

    /// <summary>
    /// Changes a person or an application. With <see cref="PrincipalChange.SignInsFrom"/> it ends sessions, refresh tokens and confirmed device codes in
    /// the same step; with a password it forgets the counted attempts.
    /// </summary>
    /// <returns>False for an id that neither has, or whose password is not <see cref="PrincipalChange.ProvenHash"/> any more.</returns>
    /// <exception cref="LastAdministratorException">It disables the last one who administers.</exception>
    Task<bool> UpdatePrincipalAsync(Guid objectId, PrincipalChange change, CancellationToken cancellation);

    /// <summary>Removes a person or an application with memberships, secrets, sessions and refresh tokens.</summary>
    /// <returns>False for an id that neither has.</returns>
    /// <exception cref="LastAdministratorException">It is the last one who administers.</exception>
    Task<bool> DeletePrincipalAsync(Guid objectId, DateTimeOffset now, CancellationToken cancellation);
}
