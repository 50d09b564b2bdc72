using Carrel.Gateway.Answers;
using Carrel.Gateway.Instances;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>
/// Step 9: whose port is it? Under the instance's own name Jupyter answers, under <c>NAME-PORT</c> the custom service that has published this
/// port (contract 13.3). A service that does not answer is 502: clients and pages try again until it does.
/// </summary>
internal sealed class ApplicationStep : IInstanceStep
{
    /// <inheritdoc/>
    public ValueTask<IResult?> RunAsync(InstanceVisit visit)
    {
        if (visit.Origin.ApplicationPort is not { } port)
            return default;
        ApplicationRoute? application = visit.Route!.Applications.FirstOrDefault(candidate => candidate.Published == port);
        return new(application is null
            ? GatewayAnswers.NoSuchApplication(visit.Route.Name, port)
            : GatewayAnswers.ApplicationNotAnswering(visit.Route.Name, application.Name));
    }
}
