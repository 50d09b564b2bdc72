using Carrel.Instances.Resources;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>resource_groups</c>.</summary>
internal sealed class GroupRow
{
    internal const string Succeeded = "Succeeded";
    internal const string Deleting = "Deleting";

    internal const string Select = "SELECT subscription_id, name, location, tags, created_at, uid, state, version FROM resource_groups ";

    public string subscription_id { get; init; } = "";
    public string name { get; init; } = "";
    public string location { get; init; } = "";
    public string tags { get; init; } = "";
    public long created_at { get; init; }
    public string uid { get; init; } = "";
    public string state { get; init; } = "";
    public long version { get; init; }

    internal ResourceGroup ToGroup() => new(subscription_id, name, location, Read<Dictionary<string, string>>(tags), ToInstant(created_at))
    {
        Uid = ToGuid(uid),
        Deleting = state == Deleting,
        Version = version,
    };
}
