using System.Text.Json.Nodes;
using Carrel.Arm.Errors;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Subscriptions;

/// <summary>
/// Which resource types there are (wire 6). Generic clients (<c>Azure.ResourceManager</c>, <c>az resource</c>) pick an api-version from here,
/// so the newest stable one comes first.
/// </summary>
public sealed class ProviderApi(ApiOptions options)
{
    private const string Namespace = "Microsoft.MachineLearningServices";

    private static readonly string[] ResourceTypes = ["workspaces", "workspaces/computes"];

    private static readonly string[] ApiVersions =
        ["2025-12-01", "2025-01-01-preview", "2024-10-01", "2024-10-01-preview", "2024-04-01-preview", "2023-08-01-preview", "2022-10-01"];

    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("Providers_List", "GET", Patterns.Subscription + "/providers", Actions.SubscriptionRead, request => Task.FromResult(ArmResult.List([Body()]))),
        new("Providers_Get", "GET", Patterns.Subscription + "/providers/{resourceProviderNamespace}", Actions.SubscriptionRead, Providers_Get),
        // A known provider is always registered: nothing to do, and the answer says so.
        new("Providers_Register", "POST", Patterns.Subscription + "/providers/{resourceProviderNamespace}/register", Actions.ProviderRegister, Providers_Get),
    ];

    private Task<ArmResult> Providers_Get(ArmRequest request)
    {
        string asked = request.Route("resourceProviderNamespace");
        return asked.Equals(Namespace, StringComparison.OrdinalIgnoreCase)
            ? Task.FromResult(ArmResult.Ok(Body()))
            : throw new ArmException(404, "InvalidResourceNamespace", $"The resource namespace '{asked}' is not known here; Carrel has '{Namespace}'.", "resourceProviderNamespace");
    }

    private JsonObject Body() => new()
    {
        ["id"] = $"/subscriptions/{options.SubscriptionId}/providers/{Namespace}",
        ["namespace"] = Namespace,
        ["registrationState"] = "Registered",
        ["registrationPolicy"] = "RegistrationRequired",
        ["resourceTypes"] = new JsonArray([.. ResourceTypes.Select(ResourceType)]),
    };

    private JsonObject ResourceType(string type) => new()
    {
        ["resourceType"] = type,
        ["locations"] = new JsonArray([.. options.Locations.Select(location => JsonValue.Create(location))]),
        ["apiVersions"] = new JsonArray([.. ApiVersions.Select(version => JsonValue.Create(version))]),
        ["capabilities"] = "None",
    };
}
