using Carrel.Gateway.Answers;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Opening;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>Step 5: the owner needs the role for it too, at this moment: a role that was taken away closes the instance with the next request (contract 7.5).</summary>
internal sealed class RoleStep(InstanceAccess access, OpeningAudit audit) : IInstanceStep
{
    /// <inheritdoc/>
    public async ValueTask<IResult?> RunAsync(InstanceVisit visit)
    {
        (Visitor visitor, InstanceRoute route) = (visit.Visitor!, visit.Route!);
        if (!await access.HasRoleAsync(visitor.Who, route, visit.Context.RequestAborted))
        {
            GatewayAnswer refusal = GatewayAnswers.RoleMissing(visitor.Who, route);
            await audit.RefusedAsync(visitor.Who, route, refusal.Code, OpeningAudit.Request(visit.Context), visit.Context.RequestAborted);
            return refusal;
        }

        if (!visitor.IsAmbient)
            await audit.UsedByTokenAsync(visitor.Who, route, visit.Context);
        return null;
    }
}
