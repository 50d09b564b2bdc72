using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;
using Carrel.Instances.Resources;

namespace Carrel.Api.Computes;

/// <summary>To whom an answer shows links to the applications: to whoever has <c>applicationaccessuilinks/action</c> (contract 7.5). Who may follow them is another question.</summary>
public sealed class ShownLinks(IArmAuthorizer authorizer)
{
    internal async Task<bool> ToAsync(ArmRequest request, ComputeInstance instance) =>
        (await authorizer.AuthorizeAsync(request.Caller, Actions.ComputeShowLinks, instance.Address.ResourceId, request.Cancellation)).Allowed;

    /// <summary>Those of some instances whose links are shown.</summary>
    internal async Task<IReadOnlySet<Guid>> AmongAsync(ArmRequest request, IEnumerable<ComputeInstance> instances)
    {
        var shown = new HashSet<Guid>();
        foreach (ComputeInstance instance in instances)
        {
            if (await ToAsync(request, instance))
                shown.Add(instance.Uid);
        }

        return shown;
    }
}
