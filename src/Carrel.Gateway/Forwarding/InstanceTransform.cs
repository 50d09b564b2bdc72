using Carrel.Gateway.Pipeline;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Carrel.Gateway.Forwarding;

/// <summary>What changes on the way to a machine and back. Hop-by-hop headers are the forwarder's.</summary>
internal sealed class InstanceTransform(InstanceVisit visit, string secret) : HttpTransformer
{
    private const string SecretHeader = "X-Carrel-Proxy-Secret";
    private const string UserHeader = "X-Carrel-User";

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

        // 1. Nothing that proves anything to us goes on, and nothing that a machine believes only from us comes from a client.
        foreach (string name in proxyRequest.Headers.NonValidated.Select(header => header.Key).Where(RequestHeaders.IsOurs).ToArray())
            proxyRequest.Headers.Remove(name);
        if (httpContext.Request.Headers.Cookie.Count > 0)
        {
            proxyRequest.Headers.Remove("Cookie");
            if (CookieRules.WithoutOurs(httpContext.Request.Headers.Cookie) is { } cookies)
                proxyRequest.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        // 2. What the machine is to believe.
        proxyRequest.Headers.TryAddWithoutValidation(SecretHeader, secret);
        proxyRequest.Headers.TryAddWithoutValidation(UserHeader, RequestHeaders.EncodeName(visit.Visitor!.Name));
        proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Host", visit.Origin.Authority);
        proxyRequest.Headers.Host = visit.Origin.Authority;

        // 3. Path and query byte for byte: decoding and encoding anew would change encoded slashes.
        proxyRequest.RequestUri = new Uri(destinationPrefix + visit.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        bool goOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        IHeaderDictionary headers = httpContext.Response.Headers;
        foreach (string name in ResponseHeaders.NotForMachines)
            headers.Remove(name);
        if (headers.SetCookie.Count > 0)
            headers.SetCookie = CookieRules.Allowed(headers.SetCookie);
        return goOn;
    }

    /// <summary>Trailers are left out: no application here sends any, and headers hidden there would pass every rule above.</summary>
    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) => default;
}
