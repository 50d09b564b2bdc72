using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>instances</c>.</summary>
internal sealed class InstanceRow
{
    internal const string Select =
        "SELECT uid, workspace_uid, subscription_id, resource_group, workspace, name, location, family, cores, owner, owner_alias, model, state, " +
        "created_by, created_at, modified_by, modified_at, version, ssh_port FROM instances ";

    public string uid { get; init; } = "";
    public string workspace_uid { get; init; } = "";
    public string subscription_id { get; init; } = "";
    public string resource_group { get; init; } = "";
    public string workspace { get; init; } = "";
    public string name { get; init; } = "";
    public string location { get; init; } = "";
    public string family { get; init; } = "";
    public long cores { get; init; }
    public string owner { get; init; } = "";
    public string owner_alias { get; init; } = "";
    public string model { get; init; } = "";
    public string state { get; init; } = "";
    public string created_by { get; init; } = "";
    public long created_at { get; init; }
    public string modified_by { get; init; } = "";
    public long modified_at { get; init; }
    public long version { get; init; }
    public long? ssh_port { get; init; }

    internal ComputeInstance ToInstance() => new(
        ToGuid(uid),
        ToGuid(workspace_uid),
        new InstanceAddress(subscription_id, resource_group, workspace, name),
        location,
        ModelJson.Deserialize(model),
        Read<ComputeInstanceState>(state),
        Read<Principal>(created_by),
        ToInstant(created_at),
        Read<Principal>(modified_by),
        ToInstant(modified_at),
        ToGuid(owner),
        owner_alias,
        version) { SshPort = (int?)ssh_port };
}
