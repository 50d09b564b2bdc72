using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Access.Setup;
using Dapper;

namespace Carrel.Store.Access;

/// <summary>The first start over a relational database.</summary>
public sealed class SetupStore(IDatabase database) : ISetupStore
{
    /// <inheritdoc/>
    public Task<SetupState?> FindAsync(CancellationToken cancellation) => database.ReadAsync(
        connection =>
        {
            SetupRow? row = connection.QuerySingleOrDefault<SetupRow>(
                """
                SELECT t.id AS TenantId, t.domain AS Domain, t.created_at AS CreatedAt,
                       f.administrator_id AS AdministratorId, f.client_id AS ClientId, f.delivered AS Delivered
                FROM tenant t JOIN first_start f ON f.only = t.only
                """);
            return row?.ToState();
        },
        cancellation);

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(SetupRecords records, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            int made = connection.Execute(
                "INSERT INTO tenant (only, id, domain, created_at) VALUES (1, @id, @domain, @at) ON CONFLICT DO NOTHING",
                new { id = AccessColumns.Text(records.Tenant.Id), domain = records.Tenant.Domain, at = AccessColumns.Ticks(records.Tenant.CreatedAt) },
                transaction);
            if (made == 0)
                return false;
            connection.Execute(
                "INSERT INTO first_start (only, administrator_id, client_id, delivered) VALUES (1, @administrator, @client, 0)",
                new { administrator = AccessColumns.Text(records.Administrator.ObjectId), client = AccessColumns.Text(records.Program.ClientId) },
                transaction);
            AccessWrites.Insert(connection, transaction, records.Administrator);
            AccessWrites.Insert(connection, transaction, records.Program);
            AccessWrites.Insert(connection, transaction, records.Secret);
            foreach (RoleAssignment assignment in records.Assignments)
                AccessWrites.Insert(connection, transaction, assignment);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<bool> TryReplaceSecretsAsync(string passwordHash, ClientSecret secret, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            string? administrator = connection.QuerySingleOrDefault<string>(
                "SELECT administrator_id FROM first_start WHERE delivered = 0", transaction: transaction);
            if (administrator is null)
                return false;
            connection.Execute(
                "UPDATE users SET password_hash = @passwordHash WHERE object_id = @administrator", new { passwordHash, administrator }, transaction);
            connection.Execute(
                "DELETE FROM client_secrets WHERE client_id = @client", new { client = AccessColumns.Text(secret.ClientId) }, transaction);
            AccessWrites.Insert(connection, transaction, secret);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public Task ConfirmDeliveryAsync(CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) => connection.Execute("UPDATE first_start SET delivered = 1", transaction: transaction), cancellation);

    private sealed class SetupRow
    {
        public string TenantId { get; init; } = "";

        public string Domain { get; init; } = "";

        public long CreatedAt { get; init; }

        public string AdministratorId { get; init; } = "";

        public string ClientId { get; init; } = "";

        public long Delivered { get; init; }

        internal SetupState ToState() => new(
            new Tenant(Guid.Parse(TenantId), Domain, AccessColumns.Instant(CreatedAt)), Guid.Parse(AdministratorId), Guid.Parse(ClientId), Delivered == 1);
    }
}
