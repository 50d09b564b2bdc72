using System.Text.Json;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Instances.Specs.Validation;

namespace Carrel.Api.Authorization;

/// <summary>Which of the resources that the body of an instance names its caller may attach (contract 7.4, 14).</summary>
public sealed class LinkedResources(IArmAuthorizer authorizer)
{
    /// <summary>Asks for every identity and the subnet of a body; what is attached already is not asked for again, since only the command knows that.</summary>
    internal async Task<LinkedAccess> OfAsync(ArmRequest request, JsonElement body)
    {
        var allowed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var missing = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string id, string action) in Named(request, body))
        {
            if ((await authorizer.AuthorizeAsync(request.Caller, action, id, request.Cancellation)).Allowed)
                allowed.Add(id);
            else
                missing[id] = action;
        }

        return new LinkedAccess(allowed, id => AuthorizationErrors.LinkedMessage(
            request.Caller, Actions.ComputeWrite, request.InstanceAddress().ResourceId, missing.GetValueOrDefault(id, Actions.IdentityAssign), id));
    }

    // A body of another shape is refused by whoever reads it.
    private static IEnumerable<(string Id, string Action)> Named(ArmRequest request, JsonElement body)
    {
        if (Inner(body, "identity", "userAssignedIdentities") is { ValueKind: JsonValueKind.Object } identities)
        {
            foreach (JsonProperty identity in identities.EnumerateObject())
            {
                if (IdentityValidator.FullId(identity.Name, request.Route("subscriptionId"), request.Route("resourceGroupName")) is { } id)
                    yield return (id, Actions.IdentityAssign);
            }
        }

        if (Inner(body, "properties", "properties", "subnet", "id") is { ValueKind: JsonValueKind.String } subnet)
            yield return (subnet.GetString()!, Actions.SubnetJoin);
    }

    private static JsonElement? Inner(JsonElement body, params string[] path)
    {
        JsonElement? at = body;
        foreach (string name in path)
            at = at is { ValueKind: JsonValueKind.Object } parent ? parent.Member(name) : null;
        return at;
    }
}
