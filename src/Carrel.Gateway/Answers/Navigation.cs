using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Carrel.Gateway.Answers;

/// <summary>What kind of request it is, as far as answers and checks depend on it.</summary>
internal static class Navigation
{
    /// <summary>Whether a person waits for a page: GET that accepts HTML and asks for no other protocol.</summary>
    internal static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !IsUpgrade(request)
        && request.Headers.Accept.Any(value => value?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Whether the connection is to become something else, by HTTP/1.1 upgrade or by extended CONNECT (RFC 8441).</summary>
    internal static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0
        || HttpMethods.IsConnect(request.Method)
        || request.HttpContext.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;

    /// <summary>Whether the method changes nothing by its meaning (RFC 9110, 9.2.1); TRACE is not among them: nobody needs it.</summary>
    internal static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
