using Carrel.Instances.Resources;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>resource_groups</c>.</summary>
internal sealed class GroupRow
{
    public string subscription_id { get; init; } = "";
    public string name { get; init; } = "";
    public string location { get; init; } = "";
    public string tags { get; init; } = "";
    public long created_at { get; init; }

    internal ResourceGroup ToGroup() => new(subscription_id, name, location, Read<Dictionary<string, string>>(tags), ToInstant(created_at));
}
