using Carrel.Access.Roles;
using Carrel.Arm.Audit;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>Role assignments over a relational database, with a view in memory: every request of the API asks here.</summary>
public sealed class RoleAssignmentStore(IDatabase database, TimeProvider time, RoleViews? views = null) : IRoleAssignmentStore
{
    private readonly RoleViews _views = views ?? new RoleViews();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RoleAssignment>> ListForPrincipalAsync(Guid principalId, CancellationToken cancellation)
    {
        var view = _views.ByPrincipal;
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
    public async Task<bool> TryAddAsync(RoleAssignment assignment, AuditRecord? audit, CancellationToken cancellation)
    {
        try
        {
            return await database.WriteAsync(
                (connection, transaction) =>
                {
                    if (!AccessWrites.Insert(connection, transaction, assignment))
                        return false;
                    if (audit is not null)
                        AuditTrail.Append(connection, transaction, audit, time);
                    return true;
                },
                cancellation);
        }
        finally
        {
            _views.ForgetAssignments();
        }
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(Guid id, AuditRecord? audit, CancellationToken cancellation)
    {
        try
        {
            return await database.WriteAsync(
                (connection, transaction) => new AdministratorGuard(connection, transaction, time.GetUtcNow()).Run(() =>
                {
                    if (connection.Execute("DELETE FROM role_assignments WHERE id = @id", new { id = AccessColumns.Text(id) }, transaction) == 0)
                        return false;
                    if (audit is not null)
                        AuditTrail.Append(connection, transaction, audit, time);
                    return true;
                }),
                cancellation);
        }
        finally
        {
            _views.ForgetAssignments();
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
