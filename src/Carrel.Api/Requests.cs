using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;

namespace Carrel.Api;

/// <summary>What handlers read from a request.</summary>
internal static class Requests
{
    internal static WorkspaceAddress WorkspaceAddress(this ArmRequest request) =>
        new(request.Route("subscriptionId"), request.Route("resourceGroupName"), request.Route("workspaceName"));

    internal static InstanceAddress InstanceAddress(this ArmRequest request) =>
        new(request.Route("subscriptionId"), request.Route("resourceGroupName"), request.Route("workspaceName"), request.Route("computeName"));

    internal static CommandContext Context(this ArmRequest request) =>
        new(Principal(request.Caller), request.RequestId, request.CorrelationId);

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
