namespace Carrel.Access.Directory;

/// <summary>What a principal is to role assignments: the words of <c>principalType</c> (contract 7.1).</summary>
public enum PrincipalType
{
    /// <summary>A person.</summary>
    User,

    /// <summary>A group of principals.</summary>
    Group,

    /// <summary>A program: an application or a managed identity.</summary>
    ServicePrincipal,
}

/// <summary>Tells what an object id is and which groups it belongs to. Asked on every request, so an implementation may answer from memory, never from the past.</summary>
public interface IPrincipalDirectory
{
    /// <summary>What an object id is, or null when the directory does not know it. Disabled principals are known.</summary>
    ValueTask<PrincipalType?> FindTypeAsync(Guid objectId, CancellationToken cancellation);

    /// <summary>The groups that a principal belongs to, itself or through other groups, each once; empty for an id that nobody has.</summary>
    ValueTask<IReadOnlyList<Guid>> GroupsOfAsync(Guid objectId, CancellationToken cancellation);
}
