using System.Text.Json.Nodes;
using Carrel.Instances.Resources;

namespace Carrel.Api.Workspaces;

/// <summary>Writes workspaces (contract 1.8): what was asked, and what the server adds.</summary>
public sealed class WorkspaceAnswers(ApiOptions options)
{
    internal JsonObject Body(Workspace workspace)
    {
        WorkspaceModel model = workspace.Model;
        var body = new JsonObject
        {
            ["id"] = workspace.Address.ResourceId,
            ["name"] = workspace.Address.Name,
            ["type"] = "Microsoft.MachineLearningServices/workspaces",
            ["location"] = workspace.Location,
            ["tags"] = ArmText.Map(model.Tags),
            ["identity"] = Identity(workspace),
            ["systemData"] = ArmText.SystemData(workspace.CreatedBy, workspace.CreatedOn, workspace.ModifiedBy, workspace.ModifiedOn),
            ["properties"] = Properties(workspace),
        };
        if (model.Kind is { } kind)
            body["kind"] = kind;
        if (model.SkuName is { } sku)
            body["sku"] = new JsonObject { ["name"] = sku, ["tier"] = model.SkuTier ?? sku };
        return body;
    }

    private JsonObject Identity(Workspace workspace)
    {
        var identity = new JsonObject { ["type"] = workspace.Model.IdentityType };
        if (workspace.Model.IdentityType.Contains("SystemAssigned", StringComparison.Ordinal))
        {
            identity["principalId"] = IdentityIds.Of(workspace.Uid, "workspace").ToString("D");
            identity["tenantId"] = options.TenantId.ToString("D");
        }

        return identity;
    }

    private JsonObject Properties(Workspace workspace)
    {
        JsonObject properties = JsonNode.Parse(workspace.Model.Properties)!.AsObject();
        string path = workspace.Address.ResourceId;
        properties["workspaceId"] = workspace.Uid.ToString("D");
        properties["tenantId"] = options.TenantId.ToString("D");
        properties["provisioningState"] = workspace.Deleting ? "Deleting" : "Succeeded";
        properties["discoveryUrl"] = $"{options.PublicUrl}/discovery{path}";
        properties["mlFlowTrackingUri"] = $"azureml://{new Uri(options.PublicUrl).Authority}/mlflow/v1.0{path}";
        properties.TryAdd("friendlyName", workspace.Address.Name);
        properties.TryAdd("publicNetworkAccess", "Enabled");
        return properties;
    }
}
