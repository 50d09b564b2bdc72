using Carrel.Access.Directory;

namespace Carrel.Access.Roles;

/// <summary>The assignments of a principal: its own and those of the groups it belongs to, through other groups too (contract 7.2).</summary>
/// <param name="Assignments">All of them, at any scope.</param>
/// <param name="FindRole">Gives a role by its id, or null.</param>
public sealed record HeldRoles(IReadOnlyList<RoleAssignment> Assignments, Func<Guid, RoleDefinition?> FindRole);

/// <summary>Gathers what a principal holds. Asked on every request.</summary>
public sealed class PrincipalRoles(IRoleAssignmentStore assignments, IRoleDefinitionStore definitions, IPrincipalDirectory directory)
{
    /// <summary>What a principal holds at this moment.</summary>
    public async ValueTask<HeldRoles> OfAsync(Guid principalId, CancellationToken cancellation)
    {
        IReadOnlyList<RoleAssignment> held = await assignments.ListForPrincipalAsync(principalId, cancellation);
        IReadOnlyList<Guid> groups = await directory.GroupsOfAsync(principalId, cancellation);
        if (groups.Count > 0)
        {
            List<RoleAssignment> all = [.. held];
            foreach (Guid group in groups)
                all.AddRange(await assignments.ListForPrincipalAsync(group, cancellation));
            held = all;
        }

        IReadOnlyDictionary<Guid, RoleDefinition> custom = await definitions.AllAsync(cancellation);
        return new HeldRoles(held, id => BuiltInRoles.Find(id) ?? custom.GetValueOrDefault(id));
    }
}
