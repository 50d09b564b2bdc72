using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Group;

/// <summary>A resource group as <c>az group show</c> prints the members that exist here.</summary>
internal static class GroupView
{
    /// <summary>The columns of <c>-o table</c>.</summary>
    public static readonly IReadOnlyList<Column> Columns = [new("NAME", "name"), new("LOCATION", "location"), new("PROVISIONING", "properties.provisioningState")];

    /// <summary>The view of one group.</summary>
    public static JsonObject From(JsonObject group) => new()
    {
        ["id"] = ComputeView.Copy(group["id"]),
        ["name"] = ComputeView.Copy(group["name"]),
        ["type"] = ComputeView.Copy(group["type"]),
        ["location"] = ComputeView.Copy(group["location"]),
        ["tags"] = ComputeView.Copy(group["tags"]) ?? new JsonObject(),
        ["properties"] = ComputeView.Copy(group["properties"]),
    };
}
