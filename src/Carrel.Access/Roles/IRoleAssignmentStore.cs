namespace Carrel.Access.Roles;

/// <summary>Where role assignments are kept.</summary>
public interface IRoleAssignmentStore
{
    /// <summary>Everything assigned to one principal, at any scope. Asked on every request: an implementation may answer from memory, never from the past.</summary>
    ValueTask<IReadOnlyList<RoleAssignment>> ListForPrincipalAsync(Guid principalId, CancellationToken cancellation);

    /// <summary>Finds one.</summary>
    Task<RoleAssignment?> FindAsync(Guid id, CancellationToken cancellation);

    /// <summary>All of them.</summary>
    Task<IReadOnlyList<RoleAssignment>> ListAsync(CancellationToken cancellation);

    /// <summary>Adds one.</summary>
    /// <returns>False when the same role is already given to the same principal at the same scope (ignoring case), or the id is taken.</returns>
    Task<bool> TryAddAsync(RoleAssignment assignment, CancellationToken cancellation);

    /// <summary>Removes one.</summary>
    /// <returns>False when it was not there.</returns>
    Task<bool> RemoveAsync(Guid id, CancellationToken cancellation);
}
