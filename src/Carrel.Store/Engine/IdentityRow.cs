using Carrel.Instances.Resources;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>user_identities</c>.</summary>
internal sealed class IdentityRow
{
    internal const string Select = "SELECT resource_id, principal_id, client_id, location, tags, created_at, modified_at, version FROM user_identities ";

    public string resource_id { get; init; } = "";
    public string principal_id { get; init; } = "";
    public string client_id { get; init; } = "";
    public string location { get; init; } = "";
    public string tags { get; init; } = "";
    public long created_at { get; init; }
    public long modified_at { get; init; }
    public long version { get; init; }

    internal UserAssignedIdentity ToIdentity() => new(
        IdentityAddress.Parse(resource_id) ?? throw new InvalidDataException($"The stored identity '{resource_id}' has no address."),
        new UserAssignedIdentityIds(ToGuid(principal_id), ToGuid(client_id)),
        location,
        Read<Dictionary<string, string>>(tags),
        ToInstant(created_at),
        ToInstant(modified_at),
        version);
}
