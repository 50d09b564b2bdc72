using System.Collections.Concurrent;
using Carrel.Access.Roles;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>Role assignments over a relational database, with a view in memory: every request of the API asks here.</summary>
public sealed class RoleAssignmentStore(IDatabase database) : IRoleAssignmentStore
{
    // Dropped as a whole by every change, and replaced by a new object so that a read which began before the change cannot fill the new one.
    private volatile ConcurrentDictionary<Guid, IReadOnlyList<RoleAssignment>> _byPrincipal = new();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RoleAssignment>> ListForPrincipalAsync(Guid principalId, CancellationToken cancellation)
    {
        ConcurrentDictionary<Guid, IReadOnlyList<RoleAssignment>> view = _byPrincipal;
        if (view.TryGetValue(principalId, out IReadOnlyList<RoleAssignment>? known))
            return known;
        IReadOnlyList<RoleAssignment> read = await ReadAsync("WHERE principal_id = @id", AccessColumns.Text(principalId), cancellation);
        // Principals without a role are not remembered: made-up ids must not fill the memory.
        if (read.Count > 0)
            view[principalId] = read;
        return read;
    }

    /// <inheritdoc/>
    public async Task<RoleAssignment?> FindAsync(Guid id, CancellationToken cancellation) =>
        (await ReadAsync("WHERE id = @id", AccessColumns.Text(id), cancellation)).SingleOrDefault();

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoleAssignment>> ListAsync(CancellationToken cancellation) => ReadAsync("ORDER BY created_at, id", "", cancellation);

    /// <inheritdoc/>
    public async Task<bool> TryAddAsync(RoleAssignment assignment, CancellationToken cancellation)
    {
        try
        {
            return await database.WriteAsync((connection, transaction) => AccessWrites.Insert(connection, transaction, assignment), cancellation);
        }
        finally
        {
            _byPrincipal = new();
        }
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(Guid id, CancellationToken cancellation)
    {
        try
        {
            return await database.WriteAsync(
                (connection, transaction) => connection.Execute(
                    "DELETE FROM role_assignments WHERE id = @id", new { id = AccessColumns.Text(id) }, transaction) == 1,
                cancellation);
        }
        finally
        {
            _byPrincipal = new();
        }
    }

    private Task<IReadOnlyList<RoleAssignment>> ReadAsync(string condition, string id, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<RoleAssignment>>(
            connection =>
            [
                .. connection.Query<RoleAssignmentRow>($"SELECT {RoleAssignmentRow.Columns} FROM role_assignments {condition}", new { id })
                    .Select(row => row.ToAssignment()),
            ],
            cancellation);
}
