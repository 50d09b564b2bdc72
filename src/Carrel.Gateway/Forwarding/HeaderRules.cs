namespace Carrel.Gateway.Forwarding;

/// <summary>Which request headers never go on to a machine.</summary>
internal static class RequestHeaders
{
    private static readonly string[] Prefixes = ["X-Carrel-", "X-Forwarded"];

    // X-Real-IP and X-Scheme are believed by Tornado in the same way as X-Forwarded-*.
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Proxy-Authorization", "Forwarded", "X-Real-IP", "X-Scheme", "X-Original-URL", "X-Rewrite-URL",
    };

    /// <summary>Whether a header is removed. Applications that know environment variables take '_' for '-', so we do too.</summary>
    internal static bool IsOurs(string name)
    {
        string plain = name.Replace('_', '-');
        return Names.Contains(plain) || Prefixes.Any(prefix => plain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A sign-in name as a header's value: as it is, or percent-encoded as UTF-8 when it is not plain ASCII.</summary>
    internal static string EncodeName(string name) => name.AsSpan().ContainsAnyExceptInRange('!', '~') ? Uri.EscapeDataString(name) : name;
}

/// <summary>Which response headers of a machine would reach beyond its own pages.</summary>
internal static class ResponseHeaders
{
    /// <summary>
    /// Removed. <c>Clear-Site-Data</c> empties the cookies of the whole site, the studio's included; <c>Alt-Svc</c> moves the origin to another
    /// port; <c>Service-Worker-Allowed</c> would let a script stand between the browser and <c>/.carrel/</c>.
    /// </summary>
    internal static readonly string[] NotForMachines = ["Clear-Site-Data", "Alt-Svc", "Service-Worker-Allowed", "Strict-Transport-Security", "Set-Cookie2"];
}
