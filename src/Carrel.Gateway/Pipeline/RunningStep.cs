using Carrel.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>Step 8: its applications can be used. Never 503: clients would repeat the request.</summary>
internal sealed class RunningStep(GatewayOptions options) : IInstanceStep
{
    /// <inheritdoc/>
    public ValueTask<IResult?> RunAsync(InstanceVisit visit) =>
        visit.Route!.IsOpen ? default : new(GatewayAnswers.NotRunning(visit.Route, options.PublicOrigin + "/"));
}
