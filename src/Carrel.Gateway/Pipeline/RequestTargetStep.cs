using Carrel.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>Step 1: the request target is a plain path.</summary>
internal sealed class RequestTargetStep : IInstanceStep
{
    /// <inheritdoc/>
    public ValueTask<IResult?> RunAsync(InstanceVisit visit)
    {
        if (RequestTarget.Read(visit.Context) is not { } target)
            return new(GatewayAnswers.BadTarget);
        visit.Target = target;
        return default;
    }
}
