using Carrel.Instances.Resources;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>workspaces</c>.</summary>
internal sealed class WorkspaceRow
{
    internal const string Succeeded = "Succeeded";
    internal const string Deleting = "Deleting";

    internal const string Select =
        "SELECT uid, subscription_id, resource_group, name, location, body, state, created_by, created_at, modified_by, modified_at, version FROM workspaces ";

    public string uid { get; init; } = "";
    public string subscription_id { get; init; } = "";
    public string resource_group { get; init; } = "";
    public string name { get; init; } = "";
    public string location { get; init; } = "";
    public string body { get; init; } = "";
    public string state { get; init; } = "";
    public string created_by { get; init; } = "";
    public long created_at { get; init; }
    public string modified_by { get; init; } = "";
    public long modified_at { get; init; }
    public long version { get; init; }

    internal Workspace ToWorkspace() => new(
        ToGuid(uid),
        new WorkspaceAddress(subscription_id, resource_group, name),
        location,
        Read<WorkspaceModel>(body),
        state == Deleting,
        Read<Principal>(created_by),
        ToInstant(created_at),
        Read<Principal>(modified_by),
        ToInstant(modified_at),
        version);
}
