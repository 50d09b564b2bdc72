namespace Carrel.Arm.Identity;

/// <summary>What kind of principal calls; the words of <c>systemData.createdByType</c>.</summary>
public enum CallerKind
{
    /// <summary>A person.</summary>
    User,

    /// <summary>A service principal.</summary>
    Application,

    /// <summary>A managed identity.</summary>
    ManagedIdentity,
}

/// <summary>The authenticated principal of a request.</summary>
/// <param name="TenantId">Tenant of the principal.</param>
/// <param name="ObjectId">Object id: the identity that roles and ownership refer to.</param>
/// <param name="ApplicationId">Client id of a service principal or identity; null for a person.</param>
/// <param name="Name">Sign-in name of a person (<c>ann@contoso.com</c>), client id otherwise.</param>
/// <param name="Kind">What kind of principal it is.</param>
public sealed record Caller(Guid TenantId, Guid ObjectId, Guid? ApplicationId, string Name, CallerKind Kind);
