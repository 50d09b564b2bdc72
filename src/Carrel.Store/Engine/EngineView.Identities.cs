using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Dapper;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

// Managed identities (contract 9.3).
internal partial class EngineView
{
    public UserAssignedIdentity? FindIdentity(string resourceId) => Identities("WHERE key = @key", new { key = LowerCase(resourceId) }).SingleOrDefault();

    public IReadOnlyList<UserAssignedIdentity> ListIdentities(ListPart part) => Identities(PartOfList, Parameters(part));

    public IReadOnlyList<AssignedIdentity> ListIdentitiesOf(ComputeInstance instance)
    {
        List<AssignedIdentity> identities = [];
        foreach (string id in instance.Model.Identity?.UserAssigned ?? [])
        {
            // By the principal that was assigned: one made anew under the old name is another identity.
            if (instance.State.UserIdentities?.GetValueOrDefault(id) is { } ids && FindIdentity(id) is { } identity && identity.Ids == ids)
                identities.Add(new AssignedIdentity(ids.PrincipalId, ids.ClientId, identity.Address.ResourceId));
        }

        if (instance.State.SystemIdentityPrincipalId is { } principal && ClientIdOf(principal) is { } client)
            identities.Add(new AssignedIdentity(principal, client, instance.Address.ResourceId));
        return identities;
    }

    private Guid? ClientIdOf(Guid principalId) => Connection.QuerySingleOrDefault<string>(
        "SELECT client_id FROM service_principals WHERE object_id = @id", new { id = Text(principalId) }, Transaction) is { } client
        ? ToGuid(client)
        : null;

    private UserAssignedIdentity[] Identities(string where, object parameters) =>
        [.. Connection.Query<IdentityRow>(IdentityRow.Select + where, parameters, Transaction).Select(row => row.ToIdentity())];
}
