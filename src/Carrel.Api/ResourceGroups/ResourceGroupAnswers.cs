using System.Text.Json.Nodes;
using Carrel.Instances.Resources;

namespace Carrel.Api.ResourceGroups;

/// <summary>Writes resource groups (wire 6).</summary>
internal static class ResourceGroupAnswers
{
    internal static JsonObject Body(ResourceGroup group) => new()
    {
        ["id"] = group.ResourceId,
        ["name"] = group.Name,
        ["type"] = "Microsoft.Resources/resourceGroups",
        ["location"] = group.Location,
        ["tags"] = ArmText.Map(group.Tags),
        ["properties"] = new JsonObject { ["provisioningState"] = group.Deleting ? "Deleting" : "Succeeded" },
    };
}
