using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Workspace;

/// <summary>A workspace as <c>az ml workspace show</c> prints it.</summary>
internal static class WorkspaceView
{
    /// <summary>The columns of <c>-o table</c>.</summary>
    public static readonly IReadOnlyList<Column> Columns =
        [new("NAME", "name"), new("RESOURCE GROUP", "resource_group"), new("LOCATION", "location"), new("DISPLAY NAME", "display_name"), new("PROVISIONING", "provisioning_state")];

    /// <summary>The view of one resource.</summary>
    public static JsonObject From(JsonObject resource)
    {
        var properties = resource["properties"] as JsonObject ?? [];
        return new JsonObject
        {
            ["name"] = ComputeView.Copy(resource["name"]),
            ["id"] = ComputeView.Copy(resource["id"]),
            ["resource_group"] = resource["id"]?.ToString().Split('/') is { Length: > 4 } id ? id[4] : null,
            ["location"] = ComputeView.Copy(resource["location"]),
            ["display_name"] = ComputeView.Copy(properties["friendlyName"]),
            ["description"] = ComputeView.Copy(properties["description"]),
            ["public_network_access"] = ComputeView.Copy(properties["publicNetworkAccess"]),
            ["discovery_url"] = ComputeView.Copy(properties["discoveryUrl"]),
            ["mlflow_tracking_uri"] = ComputeView.Copy(properties["mlFlowTrackingUri"]),
            ["provisioning_state"] = ComputeView.Copy(properties["provisioningState"]),
            ["tags"] = ComputeView.Copy(resource["tags"]) ?? new JsonObject(),
            ["identity"] = ComputeView.Snake(resource["identity"], "type", "principalId", "tenantId"),
        };
    }
}
