using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.Roles;
using Carrel.Access.SignIn;
using Carrel.Arm.Identity;

namespace Carrel.Store.Access;

// Rows as Dapper fills them: properties, because SQLite tells no type for a column that is null.

internal sealed class TenantRow
{
    public string Id { get; init; } = "";

    public string Domain { get; init; } = "";

    public long CreatedAt { get; init; }

    internal Tenant ToTenant() => new(Guid.Parse(Id), Domain, AccessColumns.Instant(CreatedAt));
}

internal sealed class UserRow
{
    internal const string Columns =
        "object_id AS ObjectId, user_name AS UserName, display_name AS DisplayName, password_hash AS PasswordHash, created_at AS CreatedAt, "
        + "enabled AS Enabled, sign_ins_from AS SignInsFrom, must_change_password AS MustChangePassword";

    public string ObjectId { get; init; } = "";

    public string UserName { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string PasswordHash { get; init; } = "";

    public long CreatedAt { get; init; }

    public long Enabled { get; init; }

    public long SignInsFrom { get; init; }

    public long MustChangePassword { get; init; }

    internal DirectoryUser ToUser() => new(Guid.Parse(ObjectId), UserName, DisplayName, PasswordHash, AccessColumns.Instant(CreatedAt))
    {
        Enabled = Enabled == 1,
        SignInsFrom = AccessColumns.Instant(SignInsFrom),
        MustChangePassword = MustChangePassword == 1,
    };
}

internal sealed class AttemptRow
{
    public long Failures { get; init; }

    public long? LockedUntil { get; init; }
}

internal sealed class ServicePrincipalRow
{
    internal const string Columns =
        "object_id AS ObjectId, client_id AS ClientId, display_name AS DisplayName, kind AS Kind, created_at AS CreatedAt, enabled AS Enabled";

    public string ObjectId { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string Kind { get; init; } = "";

    public long CreatedAt { get; init; }

    public long Enabled { get; init; }

    internal ServicePrincipal ToPrincipal() =>
        new(Guid.Parse(ObjectId), Guid.Parse(ClientId), DisplayName, Enum.Parse<CallerKind>(Kind), AccessColumns.Instant(CreatedAt)) { Enabled = Enabled == 1 };
}

internal sealed class ClientSecretRow
{
    internal const string Columns =
        "id AS Id, client_id AS ClientId, hash AS Hash, expires_at AS ExpiresAt, name AS Name, hint AS Hint, created_at AS CreatedAt";

    public string Id { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string Hash { get; init; } = "";

    public long ExpiresAt { get; init; }

    public string Name { get; init; } = "";

    public string Hint { get; init; } = "";

    public long CreatedAt { get; init; }

    internal ClientSecret ToSecret() => new(Guid.Parse(Id), Guid.Parse(ClientId), Hash, AccessColumns.Instant(ExpiresAt))
    {
        Name = Name,
        Hint = Hint,
        CreatedAt = AccessColumns.Instant(CreatedAt),
    };
}

internal sealed class SessionRow
{
    internal const string Columns =
        "id AS Id, token_hash AS TokenHash, kind AS Kind, instance_uid AS InstanceUid, user_object_id AS UserObjectId, "
        + "created_at AS CreatedAt, last_seen_at AS LastSeenAt, parent_id AS ParentId, grant_id AS GrantId";

    public string Id { get; init; } = "";

    public string TokenHash { get; init; } = "";

    public string Kind { get; init; } = "";

    public string? InstanceUid { get; init; }

    public string UserObjectId { get; init; } = "";

    public long CreatedAt { get; init; }

    public long LastSeenAt { get; init; }

    public string? ParentId { get; init; }

    public string? GrantId { get; init; }

    internal Session ToSession() => new(
        Guid.Parse(Id), TokenHash, Enum.Parse<SessionKind>(Kind), InstanceUid, Guid.Parse(UserObjectId),
        AccessColumns.Instant(CreatedAt), AccessColumns.Instant(LastSeenAt), ParentId is null ? null : Guid.Parse(ParentId), GrantId);
}

internal sealed class CodeRow
{
    internal const string Columns =
        "hash AS Hash, client_id AS ClientId, redirect_uri AS RedirectUri, challenge AS Challenge, user_object_id AS UserObjectId, "
        + "session_id AS SessionId, scope AS Scope, nonce AS Nonce, expires_at AS ExpiresAt, used_at AS UsedAt";

    public string Hash { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string RedirectUri { get; init; } = "";

    public string Challenge { get; init; } = "";

    public string UserObjectId { get; init; } = "";

    public string SessionId { get; init; } = "";

    public string Scope { get; init; } = "";

    public string? Nonce { get; init; }

    public long ExpiresAt { get; init; }

    public long? UsedAt { get; init; }

    internal AuthorizationCode ToCode() => new(
        Hash, ClientId, RedirectUri, Challenge, Guid.Parse(UserObjectId), Guid.Parse(SessionId), Scope, Nonce, AccessColumns.Instant(ExpiresAt));
}

internal sealed class RoleAssignmentRow
{
    internal const string Columns =
        "id AS Id, scope AS Scope, principal_id AS PrincipalId, role_definition_id AS RoleDefinitionId, "
        + "principal_type AS PrincipalType, created_at AS CreatedAt, description AS Description, created_by AS CreatedBy";

    public string Id { get; init; } = "";

    public string Scope { get; init; } = "";

    public string PrincipalId { get; init; } = "";

    public string RoleDefinitionId { get; init; } = "";

    public string PrincipalType { get; init; } = "";

    public long CreatedAt { get; init; }

    public string? Description { get; init; }

    public string? CreatedBy { get; init; }

    internal RoleAssignment ToAssignment() => new(
        Guid.Parse(Id), Scope, Guid.Parse(PrincipalId), Guid.Parse(RoleDefinitionId), PrincipalType, AccessColumns.Instant(CreatedAt))
    {
        Description = Description,
        CreatedBy = CreatedBy is null ? null : Guid.Parse(CreatedBy),
    };
}
