using Carrel.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>
/// What happens to a request to an instance's origin, in order. Before it, <see cref="OriginBranch"/> has refused what came without TLS and
/// every host name that is not ours.
/// </summary>
internal sealed class InstancePipeline(
    RequestTargetStep target,
    OwnPagesStep pages,
    IdentityStep identity,
    OwnershipStep ownership,
    RoleStep role,
    OriginStep origin,
    ServiceWorkerStep serviceWorker,
    RunningStep running,
    ApplicationStep application,
    ForwardStep forward)
{
    private readonly IInstanceStep[] _steps =
    [
        target,    // 1. The request target is a plain path: nothing that two parsers read differently.
        pages,     // 2. /.carrel/ is the gateway's and is never forwarded, however it is spelled.
        identity,  // 3. Who is it? A bearer token decides; otherwise the session cookie of this very instance.
        ownership, // 4. The owner and nobody else; an absent instance answers like somebody else's.
        role,      // 5. With the role for it, at this moment.
        origin,    // 6. With a cookie, upgrades and unsafe methods come from this origin's own pages.
        serviceWorker, // 7. No script of the machine gets between the browser and /.carrel/.
        running,   // 8. Only now does anybody learn whether it runs.
        application, // 9. Whose port is it: Jupyter's, or a custom service's?
        forward,   // 10. Forward, without our secrets towards the machine and without its cookies for us.
    ];

    internal async Task RunAsync(InstanceVisit visit)
    {
        foreach (IInstanceStep step in _steps)
        {
            if (await step.RunAsync(visit) is { } answer)
            {
                await answer.ExecuteAsync(visit.Context);
                return;
            }
        }
    }
}
