using System.Text.Json.Nodes;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Specs;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Instances.Resources;

/// <summary>
/// The ARM answer for a compute instance (contract 1.1; wire 3.2 says what readers cannot do without: the exact discriminator, error
/// envelopes that are never empty, no object without content).
/// </summary>
public static class ComputeInstanceBody
{
    private static readonly InstantPattern TimePattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fffffff'Z'");

    /// <summary>Writes the answer: a new object at every call.</summary>
    public static JsonObject Write(ComputeInstance instance, BodyContext context)
    {
        var body = new JsonObject
        {
            ["id"] = instance.Address.ResourceId,
            ["name"] = instance.Address.Name,
            ["type"] = "Microsoft.MachineLearningServices/workspaces/computes",
            ["location"] = instance.Location,
            ["tags"] = new JsonObject(instance.Model.Tags.Select(tag => KeyValuePair.Create<string, JsonNode?>(tag.Key, tag.Value))),
        };
        if (instance.Model.Identity is { } identity)
        {
            body["identity"] = Identity(identity, instance, context);
        }

        if (instance.Model.Sku is { } sku)
        {
            body["sku"] = new JsonObject { ["name"] = sku.Name, ["tier"] = sku.Tier };
        }

        body["systemData"] = SystemData(instance);
        body["properties"] = Outer(instance, context);
        return body;
    }

    /// <summary>An instant as every answer writes it: seven digits of the second and <c>Z</c>.</summary>
    internal static string Time(Instant instant) => TimePattern.Format(instant);

    /// <summary>Errors as envelopes, or null for none.</summary>
    internal static JsonArray? Errors(IReadOnlyList<InstanceError>? errors) =>
        errors is not { Count: > 0 }
            ? null
            : new JsonArray([.. errors.Select(error => new JsonObject
            {
                ["error"] = new JsonObject { ["code"] = error.Code, ["message"] = error.Message },
            })]);

    private static JsonObject Outer(ComputeInstance instance, BodyContext context) => new()
    {
        ["computeType"] = "ComputeInstance",
        ["computeLocation"] = instance.Location,
        ["provisioningState"] = instance.State.Provisioning.ToString(),
        ["description"] = instance.Model.Description,
        ["createdOn"] = Time(instance.CreatedOn),
        ["modifiedOn"] = Time(instance.ModifiedOn),
        ["resourceId"] = null,
        ["provisioningErrors"] = Errors(instance.State.ProvisioningErrors),
        ["isAttachedCompute"] = false,
        ["disableLocalAuth"] = !instance.Model.SshEnabled,
        ["properties"] = InnerBody.Write(instance, context),
    };

    private static JsonObject SystemData(ComputeInstance instance) => new()
    {
        ["createdBy"] = instance.CreatedBy.Name,
        ["createdByType"] = instance.CreatedBy.Kind,
        ["createdAt"] = Time(instance.CreatedOn),
        ["lastModifiedBy"] = instance.ModifiedBy.Name,
        ["lastModifiedByType"] = instance.ModifiedBy.Kind,
        ["lastModifiedAt"] = Time(instance.ModifiedOn),
    };

    private static JsonObject Identity(IdentityModel identity, ComputeInstance instance, BodyContext context)
    {
        var body = new JsonObject { ["type"] = identity.TypeWord };
        if (identity.SystemAssigned && instance.State.SystemIdentityPrincipalId is { } principal)
        {
            body["principalId"] = principal.ToString();
            body["tenantId"] = instance.CreatedBy.TenantId.ToString();
        }

        if (identity.UserAssigned.Count > 0)
        {
            var map = new JsonObject();
            foreach (var id in identity.UserAssigned)
            {
                map[id] = instance.State.UserIdentities?.GetValueOrDefault(id) is { } ids
                    ? new JsonObject { ["principalId"] = ids.PrincipalId.ToString(), ["clientId"] = ids.ClientId.ToString() }
                    : new JsonObject();
            }

            body["userAssignedIdentities"] = map;
        }

        return body;
    }
}
