using System.Net;
using System.Text;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Carrel.Gateway.Forwarding;

/// <summary>Sends a request on to its machine and the answer back, WebSockets and endless streams included.</summary>
internal sealed class InstanceForwarder(IHttpForwarder forwarder, ILogger<InstanceForwarder> log) : IDisposable
{
    // HTTP/1.1 exactly: what Jupyter speaks. No time limit on silence: a kernel may think for hours.
    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Timeout.InfiniteTimeSpan,
    };

    // One for all machines: its pools are per address, and it decides nothing by itself.
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    });

    /// <summary>Forwards.</summary>
    /// <returns>False when the machine did not answer: nothing is sent yet then.</returns>
    internal async Task<bool> ForwardAsync(InstanceVisit visit, InstanceRoute route)
    {
        HttpContext context = visit.Context;
        LiftLimits(context);
        string destination = $"http://{route.Address}:{route.Port}";
        var transform = new InstanceTransform(visit, route.JupyterSecret!);
        ForwarderError error = await forwarder.SendAsync(context, destination, _client, Config, transform);
        if (error == ForwarderError.None || context.RequestAborted.IsCancellationRequested)
            return true;
        GatewayLog.NoAnswer(log, route.Name, destination, error.ToString());
        // What the client did wrong itself (a body that breaks off) is answered as such.
        return context.Response.HasStarted || context.Response.StatusCode is < 500 and not StatusCodes.Status200OK;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Uploads of any size and at any pace: the owner uses the own machine's disk and time.</summary>
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } request)
            request.MinDataRate = null;
        // HTTP/2 has one rate for the whole connection and offers no setter for it.
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && context.Features.Get<IHttpMinResponseDataRateFeature>() is { } response)
            response.MinDataRate = null;
    }
}
