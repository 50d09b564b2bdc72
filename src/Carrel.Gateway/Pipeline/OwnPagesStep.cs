using Carrel.Gateway.Answers;
using Carrel.Gateway.WayIn;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>Step 2: the gateway's own pages, in exactly one spelling each.</summary>
internal sealed class OwnPagesStep(WayInCallback callback, SignOutPage signOut) : IInstanceStep
{
    /// <inheritdoc/>
    public async ValueTask<IResult?> RunAsync(InstanceVisit visit)
    {
        if (!RequestTarget.IsOwn(visit.Target))
            return null;
        return RequestTarget.PathOf(visit.Target).ToString() switch
        {
            GatewayPaths.Callback => await callback.AnswerAsync(visit),
            GatewayPaths.SignOut => await signOut.AnswerAsync(visit),
            _ => GatewayAnswers.NotFound,
        };
    }
}
