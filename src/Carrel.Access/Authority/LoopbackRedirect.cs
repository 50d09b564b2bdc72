using System.Globalization;

namespace Carrel.Access.Authority;

/// <summary>Redirect addresses of programs that listen on a free port of their own machine (RFC 8252, 7.3).</summary>
internal static class LoopbackRedirect
{
    private static readonly string[] Hosts = ["http://127.0.0.1:", "http://localhost:"];

    /// <summary>Where they lead, as sources of a content security policy.</summary>
    internal static IReadOnlyList<string> Sources { get; } = ["http://127.0.0.1:*", "http://localhost:*"];

    /// <summary>Whether an address is one: host, port and perhaps a slash. Text against text, so that no two parsers can disagree about what it means.</summary>
    internal static bool Allows(string redirectUri, bool slash)
    {
        string? host = Array.Find(Hosts, candidate => redirectUri.StartsWith(candidate, StringComparison.Ordinal));
        if (host is null || slash && !redirectUri.EndsWith('/'))
            return false;
        ReadOnlySpan<char> port = redirectUri.AsSpan(host.Length);
        if (port is [.., '/'])
            port = port[..^1];
        return port.Length is > 0 and <= 5 && !port.ContainsAnyExceptInRange('0', '9') && port[0] != '0' && int.Parse(port, CultureInfo.InvariantCulture) <= 65535;
    }
}
