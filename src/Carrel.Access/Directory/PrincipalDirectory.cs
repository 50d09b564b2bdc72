using System.Collections.Concurrent;

namespace Carrel.Access.Directory;

/// <summary>
/// What principals are, from memory as long as the directory has not changed. The engine makes and removes managed identities in transactions of its
/// own, which the directory does not see, so these are looked up each time.
/// </summary>
public sealed class PrincipalDirectory(IDirectoryStore directory) : IPrincipalDirectory, IPrincipalStandings
{
    private const int MostRemembered = 20_000;

    // Each entry says at which count of changes it was read; the count is taken before the read, so that a change meanwhile makes it stale.
    private readonly ConcurrentDictionary<Guid, (long Changes, PrincipalStanding Standing)> _standings = new();
    private readonly ConcurrentDictionary<Guid, (long Changes, IReadOnlyList<Guid> Groups)> _groups = new();

    /// <inheritdoc/>
    public async ValueTask<PrincipalType?> FindTypeAsync(Guid objectId, CancellationToken cancellation) =>
        (await FindAsync(objectId, cancellation))?.Type;

    /// <inheritdoc/>
    public async ValueTask<PrincipalStanding?> FindAsync(Guid objectId, CancellationToken cancellation)
    {
        long changes = directory.Changes;
        if (_standings.TryGetValue(objectId, out (long Changes, PrincipalStanding Standing) known) && known.Changes == changes)
            return known.Standing;
        PrincipalStanding? read = await directory.FindPrincipalAsync(objectId, cancellation);
        // Made-up ids must not fill the memory.
        if (read is null || read.IsManagedIdentity)
            _standings.TryRemove(objectId, out _);
        else
            Remember(_standings, objectId, (changes, read));
        return read;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Guid>> GroupsOfAsync(Guid objectId, CancellationToken cancellation)
    {
        long changes = directory.Changes;
        if (_groups.TryGetValue(objectId, out (long Changes, IReadOnlyList<Guid> Groups) known) && known.Changes == changes)
            return known.Groups;
        IReadOnlyList<Guid> read = await directory.ListGroupsOfAsync(objectId, cancellation);
        Remember(_groups, objectId, (changes, read));
        return read;
    }

    private static void Remember<T>(ConcurrentDictionary<Guid, T> memory, Guid objectId, T entry)
    {
        if (memory.Count >= MostRemembered)
            memory.Clear();
        memory[objectId] = entry;
    }
}
