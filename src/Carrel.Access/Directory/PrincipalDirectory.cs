namespace Carrel.Access.Directory;

/// <summary>Reads people and programs from the directory's store.</summary>
public sealed class PrincipalDirectory(IDirectoryStore directory) : IPrincipalDirectory
{
    /// <inheritdoc/>
    public async ValueTask<PrincipalType?> FindTypeAsync(Guid objectId, CancellationToken cancellation) =>
        await directory.FindUserAsync(objectId, cancellation) is not null ? PrincipalType.User
        : await directory.FindServicePrincipalByObjectIdAsync(objectId, cancellation) is not null ? PrincipalType.ServicePrincipal
        : null;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Guid>> GroupsOfAsync(Guid objectId, CancellationToken cancellation) => new([]);
}
