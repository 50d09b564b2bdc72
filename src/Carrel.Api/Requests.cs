using System.Text.Json.Nodes;
using Carrel.Arm.Audit;
using Carrel.Arm.Conditions;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Microsoft.AspNetCore.Http;

namespace Carrel.Api;

/// <summary>What handlers read from a request.</summary>
internal static class Requests
{
    internal static WorkspaceAddress WorkspaceAddress(this ArmRequest request) =>
        new(request.Route("subscriptionId"), request.Route("resourceGroupName"), request.Route("workspaceName"));

    internal static InstanceAddress InstanceAddress(this ArmRequest request) =>
        new(request.Route("subscriptionId"), request.Route("resourceGroupName"), request.Route("workspaceName"), request.Route("computeName"));

    /// <summary>The location of the path, lower case without blanks (contract 1.8).</summary>
    internal static string Location(this ArmRequest request) => request.Route("location").Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Who asks, in which request; of all that is no reading also on which condition.</summary>
    /// <exception cref="ArmException">400 <c>InvalidHeaderValue</c>.</exception>
    internal static CommandContext Context(this ArmRequest request)
    {
        HttpRequest http = request.Http.Request;
        bool conditional = !HttpMethods.IsGet(http.Method) && !HttpMethods.IsHead(http.Method);
        return new CommandContext(Principal(request.Caller), request.RequestId, request.CorrelationId)
        {
            ClientRequestId = request.ClientRequestId,
            UserAgent = AuditText.Shorten(http.Headers.UserAgent.ToString()),
            Linked = LinkedAccess.None,
            Condition = conditional ? ConditionalHeaders.Read(http.Headers).Refusal : null,
        };
    }

    /// <summary>Answers a GET or HEAD of a resource: 200 (HEAD: 204), 304 when the caller has it already, 412 when it asked for another version.</summary>
    internal static ArmResult Resource(this ArmRequest request, string tag, string target, Func<JsonNode> body)
    {
        ConditionalHeaders conditions = ConditionalHeaders.Read(request.Http.Request.Headers);
        if (conditions.AsksForAnother(tag))
            throw new ArmException(412, "PreconditionFailed", conditions.Refusal(tag)!, target);
        ArmResult result = conditions.IsKnown(tag) ? new ArmResult(304)
            // The clients' checkExistence knows 204 and 404 only.
            : HttpMethods.IsHead(request.Http.Request.Method) ? ArmResult.NoContent
            : ArmResult.Ok(body());
        return result.With("ETag", tag);
    }

    internal static Principal Principal(Caller caller) => new(caller.ObjectId, caller.TenantId, caller.Name, caller.Kind.ToString());

    /// <summary>The workspace a compute lies in; checked before the body is read (contract 1.7).</summary>
    /// <exception cref="ArmException">404 <c>ParentResourceNotFound</c>.</exception>
    internal static async Task<Workspace> RequireParentAsync(this ArmRequest request, IEngineStore store)
    {
        WorkspaceAddress address = request.WorkspaceAddress();
        return await store.ReadAsync(view => view.FindWorkspace(address), request.Cancellation)
            ?? throw new ArmException(
                404,
                "ParentResourceNotFound",
                $"Failed to perform the request on a nested resource: the parent workspace '{address.Name}' was not found in resource group '{address.ResourceGroup}'.",
                address.ResourceId);
    }

    /// <summary>The compute of the path.</summary>
    /// <exception cref="ArmException">404 <c>ResourceNotFound</c>.</exception>
    internal static async Task<ComputeInstance> RequireInstanceAsync(this ArmRequest request, IEngineStore store)
    {
        InstanceAddress address = request.InstanceAddress();
        return await store.ReadAsync(view => view.FindInstance(address), request.Cancellation)
            ?? throw new ArmException(404, "ResourceNotFound", $"The compute '{address.Name}' was not found in workspace '{address.Workspace}'.", address.ResourceId);
    }

    /// <summary>The resource group of the path.</summary>
    /// <exception cref="ArmException">404 <c>ResourceGroupNotFound</c>.</exception>
    internal static async Task<ResourceGroup> RequireGroupAsync(this ArmRequest request, IEngineStore store)
    {
        string name = request.Route("resourceGroupName");
        return await store.ReadAsync(view => view.FindResourceGroup(request.Route("subscriptionId"), name), request.Cancellation)
            ?? throw new ArmException(404, "ResourceGroupNotFound", $"Resource group '{name}' could not be found.", "resourceGroupName");
    }

    /// <summary>Runs a command; its refusal becomes the ARM error.</summary>
    internal static async Task<T> RunAsync<T>(Func<Task<T>> command)
    {
        try
        {
            return await command();
        }
        catch (RefusedException refusal)
        {
            throw Refusals.ToArm(refusal);
        }
    }
}
