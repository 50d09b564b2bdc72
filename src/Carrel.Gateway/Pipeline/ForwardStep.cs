using Carrel.Gateway.Answers;
using Carrel.Gateway.Connections;
using Carrel.Gateway.Forwarding;
using Carrel.Gateway.Instances;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>Step 10: forward, and remember what is open so that it can be ended.</summary>
internal sealed class ForwardStep(InstanceForwarder forwarder, InstanceConnections connections, ConnectionCheck check) : IInstanceStep
{
    /// <inheritdoc/>
    public async ValueTask<IResult?> RunAsync(InstanceVisit visit)
    {
        InstanceRoute route = visit.Route!;
        // Without its secret the machine would turn us away anyway; an address alone may already be somebody else's.
        if (route.Address is null || string.IsNullOrEmpty(route.JupyterSecret))
            return GatewayAnswers.NoAnswer(route.Name);
        using OpenConnection open = connections.Open(visit);
        // Something was ended between the checks of this request and now, perhaps everything of this visitor: then it was not found there.
        if (connections.Closings != visit.Closings && !await check.IsStillAllowedAsync(open, visit.Context.RequestAborted))
            return GatewayAnswers.AccessDenied;
        bool answered = await forwarder.ForwardAsync(visit, route);
        return answered || visit.Context.Response.HasStarted || visit.Context.RequestAborted.IsCancellationRequested
            ? Results.Empty
            : GatewayAnswers.NoAnswer(route.Name);
    }
}
