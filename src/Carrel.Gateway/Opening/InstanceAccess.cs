using Carrel.Arm.Identity;
using Carrel.Gateway.Instances;

namespace Carrel.Gateway.Opening;

/// <summary>Who may open the applications of an instance: its owner, with the role for it; neither is enough (contract 7.5).</summary>
internal sealed class InstanceAccess(IArmAuthorizer authorizer)
{
    /// <summary>The action that an owner needs besides ownership.</summary>
    internal const string Action = "Microsoft.MachineLearningServices/workspaces/computes/applicationaccess/action";

    internal static bool IsOwner(Caller caller, InstanceRoute route) => route.Owner == caller.ObjectId;

    internal async ValueTask<bool> HasRoleAsync(Caller caller, InstanceRoute route, CancellationToken cancellation) =>
        (await authorizer.AuthorizeAsync(caller, Action, route.ResourceId, cancellation)).Allowed;
}
