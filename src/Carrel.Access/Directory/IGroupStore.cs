using Carrel.Access.Directory.Administration;

namespace Carrel.Access.Directory;

/// <summary>What came of adding a member.</summary>
public enum MemberAddition
{
    /// <summary>It is a member now.</summary>
    Added,

    /// <summary>It was one before.</summary>
    AlreadyThere,

    /// <summary>No such group.</summary>
    NoSuchGroup,

    /// <summary>Nobody has the member's object id.</summary>
    NoSuchMember,

    /// <summary>The group would become a member of itself, directly or through others.</summary>
    Cycle,
}

/// <summary>Where groups are kept. Every method is one atomic step.</summary>
public interface IGroupStore
{
    /// <summary>Finds a group by object id.</summary>
    Task<DirectoryGroup?> FindGroupAsync(Guid objectId, CancellationToken cancellation);

    /// <summary>All groups, by name.</summary>
    Task<IReadOnlyList<DirectoryGroup>> ListGroupsAsync(CancellationToken cancellation);

    /// <summary>Adds a group.</summary>
    /// <returns>False when the name is taken, ignoring case, or any principal has the object id.</returns>
    Task<bool> TryAddGroupAsync(DirectoryGroup group, CancellationToken cancellation);

    /// <summary>Changes name and description.</summary>
    /// <returns>False when the group is gone or another one has the name.</returns>
    Task<bool> TryUpdateGroupAsync(DirectoryGroup group, CancellationToken cancellation);

    /// <summary>Removes a group; its members stay, its role assignments match nothing any more.</summary>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="LastAdministratorException">Nobody would administer without it.</exception>
    Task<bool> DeleteGroupAsync(Guid objectId, CancellationToken cancellation);

    /// <summary>Adds a person, a program or another group to a group.</summary>
    Task<MemberAddition> AddMemberAsync(Guid groupId, Guid memberId, CancellationToken cancellation);

    /// <summary>Takes a member out of a group.</summary>
    /// <returns>False when it was none.</returns>
    /// <exception cref="LastAdministratorException">Nobody would administer afterwards.</exception>
    Task<bool> RemoveMemberAsync(Guid groupId, Guid memberId, CancellationToken cancellation);

    /// <summary>Object ids of the members of a group: its own, or all that belong to it through others too, each once.</summary>
    Task<IReadOnlyList<Guid>> ListMembersAsync(Guid groupId, bool transitive, CancellationToken cancellation);

    /// <summary>The groups that a principal belongs to, itself or through others, each once.</summary>
    Task<IReadOnlyList<Guid>> ListGroupsOfAsync(Guid memberId, CancellationToken cancellation);

    /// <summary>The groups that a principal itself is a member of.</summary>
    Task<IReadOnlyList<Guid>> ListOwnGroupsAsync(Guid memberId, CancellationToken cancellation);
}
