using Carrel.Access.Directory.Administration;

namespace Carrel.Access.Directory;

/// <summary>Where programs are kept. Every method is one atomic step.</summary>
public interface IProgramStore
{
    /// <summary>Finds a program by application id.</summary>
    Task<ServicePrincipal?> FindServicePrincipalAsync(Guid clientId, CancellationToken cancellation);

    /// <summary>Finds a program by object id.</summary>
    Task<ServicePrincipal?> FindServicePrincipalByObjectIdAsync(Guid objectId, CancellationToken cancellation);

    /// <summary>All programs, managed identities included, by name.</summary>
    Task<IReadOnlyList<ServicePrincipal>> ListServicePrincipalsAsync(CancellationToken cancellation);

    /// <summary>Adds a program with its secrets.</summary>
    /// <returns>False when another one has the application id or the object id.</returns>
    Task<bool> TryAddServicePrincipalAsync(ServicePrincipal principal, IReadOnlyList<ClientSecret> secrets, CancellationToken cancellation);

    /// <summary>Adds a secret to a program; the others stay good.</summary>
    Task AddClientSecretAsync(ClientSecret secret, CancellationToken cancellation);

    /// <summary>The secrets of a program, the oldest first, expired ones included.</summary>
    Task<IReadOnlyList<ClientSecret>> ListClientSecretsAsync(Guid clientId, CancellationToken cancellation);

    /// <summary>Removes a secret of a program. Tokens that it gave end by themselves, within the hour.</summary>
    /// <returns>False when the program has no such secret.</returns>
    /// <exception cref="LastAdministratorException">The last one who administers could not sign in any more.</exception>
    Task<bool> RemoveClientSecretAsync(Guid clientId, Guid secretId, CancellationToken cancellation);
}
