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
    private static readonly Provider[] Known =
    [
        new(
            "Microsoft.MachineLearningServices",
            ["workspaces", "workspaces/computes"],
            ["2025-12-01", "2025-01-01-preview", "2024-10-01", "2024-10-01-preview", "2024-04-01-preview", "2023-08-01-preview", "2022-10-01"]),
        new("Microsoft.ManagedIdentity", ["userAssignedIdentities"], ["2024-11-30", "2025-05-31-preview", "2023-01-31", "2018-11-30"]),
    ];

    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("Providers_List", "GET", Patterns.Subscription + "/providers", Actions.SubscriptionRead, request => Task.FromResult(ArmResult.List([.. Known.Select(Body)]))),
        new("Providers_Get", "GET", Patterns.Subscription + "/providers/{resourceProviderNamespace}", Actions.SubscriptionRead, Providers_Get),
        // A known provider is always registered: nothing to do, and the answer says so.
        new("Providers_Register", "POST", Patterns.Subscription + "/providers/{resourceProviderNamespace}/register", Actions.ProviderRegister, Providers_Get),
    ];

    private Task<ArmResult> Providers_Get(ArmRequest request)
    {
        string asked = request.Route("resourceProviderNamespace");
        return Known.FirstOrDefault(provider => provider.Namespace.Equals(asked, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Task.FromResult(ArmResult.Ok(Body(found)))
            : throw new ArmException(
                404,
                "InvalidResourceNamespace",
                $"The resource namespace '{asked}' is not known here; Carrel has {string.Join(" and ", Known.Select(provider => $"'{provider.Namespace}'"))}.",
                "resourceProviderNamespace");
    }

    private JsonObject Body(Provider provider) => new()
    {
        ["id"] = $"/subscriptions/{options.SubscriptionId}/providers/{provider.Namespace}",
        ["namespace"] = provider.Namespace,
        ["registrationState"] = "Registered",
        ["registrationPolicy"] = "RegistrationRequired",
        ["resourceTypes"] = new JsonArray([.. provider.ResourceTypes.Select(type => ResourceType(type, provider))]),
    };

    private JsonObject ResourceType(string type, Provider provider) => new()
    {
        ["resourceType"] = type,
        ["locations"] = new JsonArray([.. options.Locations.Select(location => JsonValue.Create(location))]),
        ["apiVersions"] = new JsonArray([.. provider.ApiVersions.Select(version => JsonValue.Create(version))]),
        ["capabilities"] = "None",
    };

    private sealed record Provider(string Namespace, string[] ResourceTypes, string[] ApiVersions);
}
