using System.Text.Json.Nodes;
using Carrel.Access.Roles;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;

namespace Carrel.Api.Subscriptions;

/// <summary>The one tenant and the one subscription (wire 6).</summary>
public sealed class SubscriptionApi(ApiOptions options, IArmAuthorizer authorizer, PrincipalRoles principals)
{
    /// <summary>The route table. The lists need no action: they hold what concerns the caller.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        ArmOperation.Open("Tenants_List", "GET", "/tenants", "it lists what the caller may read", Tenants_List),
        ArmOperation.Open("Subscriptions_List", "GET", "/subscriptions", "it lists the subscription to those who have a role in it", Subscriptions_List),
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
        string subscription = $"/subscriptions/{options.SubscriptionId}";
        AuthorizationDecision decision = await authorizer.AuthorizeAsync(request.Caller, Actions.SubscriptionRead, subscription, request.Cancellation);
        return ArmResult.List(decision.Allowed || await HasRoleBelowAsync(request, subscription) ? [Row()] : []);
    }

    // As in Azure: a role on a workspace shows its subscription, otherwise az and carrel would sign in to nothing.
    private async Task<bool> HasRoleBelowAsync(ArmRequest request, string subscription)
    {
        HeldRoles held = await principals.OfAsync(request.Caller.ObjectId, request.Cancellation);
        return held.Assignments.Any(assignment => RoleRules.IsAtOrBelow(assignment.Scope, subscription));
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
