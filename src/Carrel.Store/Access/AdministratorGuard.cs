using System.Data.Common;
using Carrel.Access.Directory.Administration;
using Carrel.Access.Roles;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>
/// Holds a change against <see cref="LastAdministratorRule"/> inside its transaction: looks who administers before it and after it, and undoes it by an
/// exception when it would lose the last. Looking at the outcome covers every way to lose it, and two changes at once.
/// </summary>
internal sealed class AdministratorGuard(DbConnection connection, DbTransaction transaction, DateTimeOffset now)
{
    // From the holder of a role downwards: UNION without ALL ends a walk that goes in a circle.
    private const string Holders = """
        WITH RECURSIVE holders (role, scope, id) AS (
            SELECT role_definition_id, scope, principal_id FROM role_assignments WHERE role_definition_id IN @roles
            UNION SELECT h.role, h.scope, m.member_id FROM group_members m JOIN holders h ON m.group_id = h.id)
        SELECT h.role AS Role, h.scope AS Scope, h.id AS Id, 1 AS Person
            FROM holders h JOIN users u ON u.object_id = h.id WHERE u.enabled = 1
        UNION ALL SELECT h.role, h.scope, h.id, 0
            FROM holders h JOIN service_principals s ON s.object_id = h.id
            WHERE s.kind = 'Application' AND s.enabled = 1 AND EXISTS (SELECT 1 FROM client_secrets c WHERE c.client_id = s.client_id AND c.expires_at > @now)
        """;

    /// <summary>Makes a change.</summary>
    /// <exception cref="LastAdministratorException">Nobody would administer afterwards.</exception>
    internal T Run<T>(Func<T> change)
    {
        IReadOnlyCollection<Administrator> before = Read();
        T result = change();
        return LastAdministratorRule.Decide(before, Read()) is { } loss ? throw new LastAdministratorException(loss) : result;
    }

    private List<Administrator> Read()
    {
        IEnumerable<RoleDefinition> custom = connection.Query<RoleDefinitionRow>(
            $"SELECT {RoleDefinitionRow.Columns} FROM role_definitions", transaction: transaction).Select(row => row.ToRole());
        string[] roles = [.. BuiltInRoles.All.Concat(custom).Where(role => RoleRules.Allows(role, DirectoryRight.Action)).Select(role => AccessColumns.Text(role.Id))];
        string owner = AccessColumns.Text(BuiltInRoles.Owner.Id);
        return
        [
            .. connection.Query<HolderRow>(Holders, new { roles, now = AccessColumns.Ticks(now) }, transaction)
                .Where(row => RoleScope.IsSubscriptionOrRoot(row.Scope))
                .GroupBy(row => row.Id, (id, rows) => new Administrator(Guid.Parse(id), rows.First().Person == 1, rows.Any(row => row.Role == owner))),
        ];
    }

    private sealed class HolderRow
    {
        public string Role { get; init; } = "";

        public string Scope { get; init; } = "";

        public string Id { get; init; } = "";

        public long Person { get; init; }
    }
}
