using Carrel.Gateway.Answers;
using Carrel.Gateway.Opening;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>Step 4: the owner and nobody else. An instance that is not there answers like one that is somebody else's.</summary>
internal sealed class OwnershipStep(OpeningAudit audit) : IInstanceStep
{
    /// <inheritdoc/>
    public async ValueTask<IResult?> RunAsync(InstanceVisit visit)
    {
        if (visit.Route is not { } route || visit.Visitor is not { } visitor)
            return GatewayAnswers.AccessDenied;
        if (InstanceAccess.IsOwner(visitor.Who, route))
            return null;
        await audit.RefusedAsync(visitor.Who, route, GatewayAnswers.AccessDenied.Code, OpeningAudit.Request(visit.Context), visit.Context.RequestAborted);
        return GatewayAnswers.AccessDenied;
    }
}
