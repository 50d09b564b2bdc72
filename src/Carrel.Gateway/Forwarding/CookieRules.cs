using System.Text;
using Carrel.Gateway.WayIn;
using Microsoft.Extensions.Primitives;

namespace Carrel.Gateway.Forwarding;

/// <summary>Whose cookies pass in which direction. Pure text work: no cookie parser decides what a browser or a machine might read differently.</summary>
internal static class CookieRules
{
    /// <summary>The cookies of a request without ours, joined into one header; null when none is left.</summary>
    internal static string? WithoutOurs(StringValues headers)
    {
        var kept = new StringBuilder();
        foreach (string? header in headers)
        {
            foreach (string part in (header ?? "").Split(';'))
            {
                if (string.IsNullOrWhiteSpace(part) || IsOurs(part))
                    continue;
                if (kept.Length > 0)
                    kept.Append("; ");
                kept.Append(part.Trim());
            }
        }

        return kept.Length == 0 ? null : kept.ToString();
    }

    /// <summary>The cookies a machine may set: none of ours, and none beyond its own host.</summary>
    internal static StringValues Allowed(StringValues setCookies) =>
        setCookies.Where(line => line is not null && !IsOurs(line)).Select(line => WithoutDomain(line!)).ToArray();

    /// <summary>
    /// Whether a cookie's text begins like ours, in any case. Browsers once wrote a nameless cookie <c>=__Host-x=1</c> as <c>__Host-x=1</c>, hence
    /// leading equal signs count for nothing; some parsers take quotes off a name.
    /// </summary>
    private static bool IsOurs(string text) =>
        text.AsSpan().TrimStart(" \t\"'=").StartsWith(GatewayCookies.Prefix, StringComparison.OrdinalIgnoreCase);

    // Without the attribute the cookie belongs to this host alone.
    private static string WithoutDomain(string line)
    {
        string[] parts = line.Split(';');
        if (!parts.Skip(1).Any(IsDomain))
            return line;
        return string.Join(';', parts.Take(1).Concat(parts.Skip(1).Where(part => !IsDomain(part))));
    }

    private static bool IsDomain(string attribute)
    {
        int equals = attribute.IndexOf('=');
        return (equals < 0 ? attribute : attribute[..equals]).Trim().Equals("Domain", StringComparison.OrdinalIgnoreCase);
    }
}
