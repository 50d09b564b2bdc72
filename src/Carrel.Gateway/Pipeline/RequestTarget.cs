using Carrel.Gateway.WayIn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Carrel.Gateway.Pipeline;

/// <summary>The request target as it was sent. The framework's own path is decoded and tidied up; machines get the original.</summary>
internal static class RequestTarget
{
    /// <summary>
    /// The target, or null when it is not a plain path (absolute form, <c>*</c>, control or non-ASCII characters, a fragment) or asks for a
    /// tunnel. HTTP/2 opens WebSockets with CONNECT; in HTTP/1.1 it cannot be passed on.
    /// </summary>
    internal static string? Read(HttpContext context)
    {
        if (HttpMethods.IsConnect(context.Request.Method) && !HttpProtocol.IsHttp2(context.Request.Protocol))
            return null;
        string? target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return target is { Length: > 0 } && target[0] == '/' && !target.AsSpan().ContainsAnyExceptInRange('!', '~') && !target.Contains('#') ? target : null;
    }

    /// <summary>The path of a target, without its query.</summary>
    internal static ReadOnlySpan<char> PathOf(string target) => target.IndexOf('?') is >= 0 and var cut ? target.AsSpan(0, cut) : target;

    /// <summary>
    /// Whether any reading of the path leads into <c>/.carrel</c>: decoded or not, with dot segments resolved or left, slashes doubled or
    /// turned round, in any case. Reading too much into a path costs a 404; reading too little would let a machine answer for the gateway.
    /// </summary>
    internal static bool IsOwn(string target)
    {
        string decoded = Uri.UnescapeDataString(PathOf(target).ToString()).Replace('\\', '/');
        string? first = null;
        var resolved = new List<string>();
        foreach (string segment in decoded.Split('/'))
        {
            if (segment is "" or ".")
                continue;
            if (segment == "..")
            {
                if (resolved.Count > 0)
                    resolved.RemoveAt(resolved.Count - 1);
                continue;
            }

            first ??= segment;
            resolved.Add(segment);
        }

        return IsOwnSegment(first) || (resolved.Count > 0 && IsOwnSegment(resolved[0]));
    }

    private static bool IsOwnSegment(string? segment) => string.Equals(segment, GatewayPaths.Segment, StringComparison.OrdinalIgnoreCase);
}
