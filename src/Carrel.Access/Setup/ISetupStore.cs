using Carrel.Access.Directory;
using Carrel.Access.Roles;

namespace Carrel.Access.Setup;

/// <summary>How far the first start has come.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="AdministratorId">Object id of the administrator.</param>
/// <param name="ClientId">Application id of the first program.</param>
/// <param name="Delivered">Whether password and secret are known to have reached the operator's files.</param>
public sealed record SetupState(Tenant Tenant, Guid AdministratorId, Guid ClientId, bool Delivered);

/// <summary>Everything the first start makes.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Administrator">The administrator.</param>
/// <param name="Program">The first program.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Assignments">Who becomes what.</param>
public sealed record SetupRecords(
    Tenant Tenant, DirectoryUser Administrator, ServicePrincipal Program, ClientSecret Secret, IReadOnlyList<RoleAssignment> Assignments);

/// <summary>Where the first start is kept. Every method is one atomic step.</summary>
public interface ISetupStore
{
    /// <summary>How far it has come; null before it.</summary>
    Task<SetupState?> FindAsync(CancellationToken cancellation);

    /// <summary>Makes everything, undelivered, unless there is a tenant already.</summary>
    /// <returns>False when there was.</returns>
    Task<bool> TryCreateAsync(SetupRecords records, CancellationToken cancellation);

    /// <summary>While undelivered, replaces the administrator's password and every secret of the first program: the lost ones open nothing.</summary>
    /// <returns>False when it was delivered meanwhile; nothing changed then.</returns>
    Task<bool> TryReplaceSecretsAsync(string passwordHash, ClientSecret secret, CancellationToken cancellation);

    /// <summary>Records that password and secret reached their files.</summary>
    Task ConfirmDeliveryAsync(CancellationToken cancellation);
}
