using Carrel.Access.Directory.Administration;
using Carrel.Arm.Audit;

namespace Carrel.Access.Roles;

/// <summary>Where custom roles are kept. Every method is one atomic step.</summary>
public interface IRoleDefinitionStore
{
    /// <summary>All custom roles by id. Asked on every request: an implementation may answer from memory, never from the past.</summary>
    ValueTask<IReadOnlyDictionary<Guid, RoleDefinition>> AllAsync(CancellationToken cancellation);

    /// <summary>Adds a role, or replaces it, keeping who wrote it first.</summary>
    /// <param name="role">The role, with <see cref="RoleDefinition.Updated"/>.</param>
    /// <param name="audit">What is written down with it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The role as it is now, or null when another one has its name (ignoring case).</returns>
    /// <exception cref="LastAdministratorException">Nobody would administer with the role as it shall be.</exception>
    Task<RoleDefinition?> SaveAsync(RoleDefinition role, AuditRecord audit, CancellationToken cancellation);

    /// <summary>Removes a role that nobody holds.</summary>
    Task<RoleRemoval> RemoveAsync(Guid id, AuditRecord audit, CancellationToken cancellation);
}

/// <summary>What a removal led to.</summary>
public enum RoleRemoval
{
    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>There was none.</summary>
    Absent,

    /// <summary>Somebody holds it; nothing changed.</summary>
    InUse,
}
