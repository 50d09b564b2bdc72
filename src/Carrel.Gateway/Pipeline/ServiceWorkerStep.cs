using Carrel.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>
/// Step 7: a service worker sees the addresses of all requests in its scope, sign-in codes at the callback included. Its scope is its script's
/// folder (the header that widens it is taken off answers), so a script directly below the root is refused.
/// </summary>
internal sealed class ServiceWorkerStep : IInstanceStep
{
    /// <inheritdoc/>
    public ValueTask<IResult?> RunAsync(InstanceVisit visit) =>
        visit.Context.Request.Headers["Service-Worker"].Count > 0 && RequestTarget.PathOf(visit.Target).LastIndexOf('/') == 0
            ? new(GatewayAnswers.RootServiceWorker)
            : default;
}
