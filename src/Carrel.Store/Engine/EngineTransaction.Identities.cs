using Carrel.Instances.Resources;
using NodaTime;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

// Managed identities and the principals that they are (contract 9.3).
internal sealed partial class EngineTransaction
{
    public void Insert(UserAssignedIdentity identity)
    {
        Run(
            """
            INSERT INTO user_identities (key, resource_id, principal_id, client_id, location, tags, created_at, modified_at, version)
            VALUES (@key, @resourceId, @principal, @client, @location, @tags, @created, @modified, 1)
            """,
            Parameters(identity));
        InsertPrincipal(identity.Ids, identity.Address.Name, null, identity.CreatedOn);
    }

    public void Update(UserAssignedIdentity identity) => Run(
        "UPDATE user_identities SET tags = @tags, modified_at = @modified, version = version + 1 WHERE principal_id = @principal", Parameters(identity));

    public void Delete(UserAssignedIdentity identity)
    {
        Run("DELETE FROM service_principals WHERE object_id = @principal", Parameters(identity));
        RemoveRoles(LowerCase(identity.Address.ResourceId));
        Run("DELETE FROM user_identities WHERE principal_id = @principal", Parameters(identity));
    }

    public void InsertSystemIdentity(Guid instanceUid, Guid principalId, string displayName, Instant now) =>
        InsertPrincipal(new UserAssignedIdentityIds(principalId, Guid.NewGuid()), displayName, instanceUid, now);

    public void DeleteSystemIdentity(Guid instanceUid) => Run("DELETE FROM service_principals WHERE instance_uid = @uid", new { uid = Text(instanceUid) });

    private void InsertPrincipal(UserAssignedIdentityIds ids, string displayName, Guid? instanceUid, Instant now) => Run(
        """
        INSERT INTO service_principals (client_id, object_id, display_name, kind, created_at, instance_uid)
        VALUES (@client, @principal, @displayName, 'ManagedIdentity', @at, @instance)
        """,
        new
        {
            client = Text(ids.ClientId),
            principal = Text(ids.PrincipalId),
            displayName,
            at = Ticks(now),
            instance = instanceUid is { } uid ? Text(uid) : null,
        });

    private static object Parameters(UserAssignedIdentity identity) => new
    {
        key = LowerCase(identity.Address.ResourceId),
        resourceId = identity.Address.ResourceId,
        principal = Text(identity.Ids.PrincipalId),
        client = Text(identity.Ids.ClientId),
        location = identity.Location,
        tags = Write(identity.Tags),
        created = Ticks(identity.CreatedOn),
        modified = Ticks(identity.ModifiedOn),
    };
}
