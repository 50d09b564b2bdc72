using System.Text.Json.Nodes;
using Carrel.Api.Resources;
using Carrel.Instances.Resources;

namespace Carrel.Api.Identities;

/// <summary>Writes user-assigned identities (wire 7).</summary>
internal static class IdentityAnswers
{
    internal static JsonObject Body(UserAssignedIdentity identity, Guid tenantId) => new()
    {
        ["id"] = identity.Address.ResourceId,
        ["name"] = identity.Address.Name,
        ["type"] = ListedResource.IdentityType,
        ["location"] = identity.Location,
        ["tags"] = ArmText.Map(identity.Tags),
        ["properties"] = new JsonObject
        {
            ["tenantId"] = tenantId.ToString(),
            ["principalId"] = identity.Ids.PrincipalId.ToString(),
            ["clientId"] = identity.Ids.ClientId.ToString(),
        },
    };
}
