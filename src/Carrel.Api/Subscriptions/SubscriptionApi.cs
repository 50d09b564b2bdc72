using System.Text.Json.Nodes;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Subscriptions;

/// <summary>The one tenant and the one subscription (wire 6).</summary>
public sealed class SubscriptionApi(ApiOptions options, IArmAuthorizer authorizer)
{
    /// <summary>The route table. The lists need no action: they hold what the caller may read.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        ArmOperation.Open("Tenants_List", "GET", "/tenants", "it lists what the caller may read", Tenants_List),
        ArmOperation.Open("Subscriptions_List", "GET", "/subscriptions", "it lists what the caller may read", Subscriptions_List),
        new("Subscriptions_Get", "GET", Patterns.Subscription, Actions.SubscriptionRead, request => Task.FromResult(ArmResult.Ok(Body(request)))),
        new("Subscriptions_ListLocations", "GET", Patterns.Subscription + "/locations", Actions.SubscriptionRead, request => Task.FromResult(ArmResult.List(options.Locations.Select(Location)))),
    ];

    private Task<ArmResult> Tenants_List(ArmRequest request) => Task.FromResult(ArmResult.List(
    [
        new JsonObject
        {
            ["id"] = $"/tenants/{options.TenantId}",
            ["tenantId"] = options.TenantId.ToString("D"),
            ["tenantCategory"] = "Home",
            ["displayName"] = "Carrel",
        },
    ]));

    private async Task<ArmResult> Subscriptions_List(ArmRequest request)
    {
        AuthorizationDecision decision = await authorizer.AuthorizeAsync(
            request.Caller, Actions.SubscriptionRead, $"/subscriptions/{options.SubscriptionId}", request.Cancellation);
        return ArmResult.List(decision.Allowed ? [Row()] : []);
    }

    private JsonObject Body(ArmRequest request) => Guid.TryParse(request.Route("subscriptionId"), out Guid id) && id == options.SubscriptionId
        ? Row()
        : throw new ArmException(404, "SubscriptionNotFound", $"The subscription '{request.Route("subscriptionId")}' could not be found.", "subscriptionId");

    private JsonObject Row() => new()
    {
        ["id"] = $"/subscriptions/{options.SubscriptionId}",
        ["subscriptionId"] = options.SubscriptionId.ToString("D"),
        ["displayName"] = options.SubscriptionName,
        ["state"] = "Enabled",
        ["tenantId"] = options.TenantId.ToString("D"),
        ["homeTenantId"] = options.TenantId.ToString("D"),
        ["managedByTenants"] = new JsonArray(),
        ["authorizationSource"] = "RoleBased",
    };

    private JsonObject Location(string name) => new()
    {
        ["id"] = $"/subscriptions/{options.SubscriptionId}/locations/{name}",
        ["subscriptionId"] = options.SubscriptionId.ToString("D"),
        ["name"] = name,
        ["displayName"] = name,
        ["regionalDisplayName"] = name,
    };
}
