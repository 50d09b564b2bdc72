using Carrel.Access.Directory.Administration;
using Carrel.Arm.Audit;

namespace Carrel.Access.Roles;

/// <summary>Where role assignments are kept. Every method is one atomic step. What lies at a resource that is deleted goes with it: nobody inherits it with the name.</summary>
public interface IRoleAssignmentStore
{
    /// <summary>Everything assigned to one principal, at any scope. Asked on every request: an implementation may answer from memory, never from the past.</summary>
    ValueTask<IReadOnlyList<RoleAssignment>> ListForPrincipalAsync(Guid principalId, CancellationToken cancellation);

    /// <summary>Finds one.</summary>
    Task<RoleAssignment?> FindAsync(Guid id, CancellationToken cancellation);

    /// <summary>All of them, oldest first.</summary>
    Task<IReadOnlyList<RoleAssignment>> ListAsync(CancellationToken cancellation);

    /// <summary>Adds one, and writes down what is given with it.</summary>
    /// <returns>False when the same role is already given to the same principal at the same scope (ignoring case), or the id is taken.</returns>
    Task<bool> TryAddAsync(RoleAssignment assignment, AuditRecord? audit, CancellationToken cancellation);

    /// <summary>Removes one.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="LastAdministratorException">Nobody would be Owner, or administer, without it.</exception>
    Task<bool> RemoveAsync(Guid id, AuditRecord? audit, CancellationToken cancellation);
}
