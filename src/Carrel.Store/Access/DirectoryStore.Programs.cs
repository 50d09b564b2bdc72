using Carrel.Access.Directory;
using Dapper;

namespace Carrel.Store.Access;

/// <content>Programs.</content>
public sealed partial class DirectoryStore
{
    /// <inheritdoc/>
    public Task<ServicePrincipal?> FindServicePrincipalAsync(Guid clientId, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<ServicePrincipalRow>(
            $"SELECT {ServicePrincipalRow.Columns} FROM service_principals WHERE client_id = @id",
            new { id = AccessColumns.Text(clientId) })?.ToPrincipal(),
        cancellation);

    /// <inheritdoc/>
    public Task<ServicePrincipal?> FindServicePrincipalByObjectIdAsync(Guid objectId, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<ServicePrincipalRow>(
            $"SELECT {ServicePrincipalRow.Columns} FROM service_principals WHERE object_id = @id",
            new { id = AccessColumns.Text(objectId) })?.ToPrincipal(),
        cancellation);

    /// <inheritdoc/>
    public Task<bool> TryAddServicePrincipalAsync(ServicePrincipal principal, IReadOnlyList<ClientSecret> secrets, CancellationToken cancellation) =>
        ChangeAsync(
            (connection, transaction) =>
            {
                if (!AccessWrites.Insert(connection, transaction, principal))
                    return false;
                foreach (ClientSecret secret in secrets)
                    AccessWrites.Insert(connection, transaction, secret);
                return true;
            },
            cancellation);

    /// <inheritdoc/>
    public Task AddClientSecretAsync(ClientSecret secret, CancellationToken cancellation) => database.WriteAsync(
        (connection, transaction) =>
        {
            AccessWrites.Insert(connection, transaction, secret);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClientSecret>> ListClientSecretsAsync(Guid clientId, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ClientSecret>>(
            connection =>
            [
                .. connection.Query<ClientSecretRow>(
                    $"SELECT {ClientSecretRow.Columns} FROM client_secrets WHERE client_id = @id ORDER BY created_at, id",
                    new { id = AccessColumns.Text(clientId) }).Select(row => row.ToSecret()),
            ],
            cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServicePrincipal>> ListServicePrincipalsAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ServicePrincipal>>(
            connection =>
            [
                .. connection.Query<ServicePrincipalRow>($"SELECT {ServicePrincipalRow.Columns} FROM service_principals ORDER BY lower(display_name), object_id")
                    .Select(row => row.ToPrincipal()),
            ],
            cancellation);

    /// <inheritdoc/>
    public Task<bool> RemoveClientSecretAsync(Guid clientId, Guid secretId, CancellationToken cancellation) => ChangeGuardedAsync(
        (connection, transaction) => connection.Execute(
            "DELETE FROM client_secrets WHERE client_id = @client AND id = @id",
            new { client = AccessColumns.Text(clientId), id = AccessColumns.Text(secretId) },
            transaction) == 1,
        cancellation);
}
