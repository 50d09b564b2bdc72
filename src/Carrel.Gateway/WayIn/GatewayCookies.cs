using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.WayIn;

/// <summary>The gateway's cookies at an instance's origin. <c>__Host-</c> makes browsers insist on Secure, Path=/ and no Domain.</summary>
public static class GatewayCookies
{
    /// <summary>The session of one instance.</summary>
    public const string Instance = "__Host-carrel-instance";

    /// <summary>A browser on its way in.</summary>
    public const string WayIn = "__Host-carrel-way-in";

    /// <summary>All cookies of Carrel begin so; none of them reaches a machine, and no machine sets one.</summary>
    public const string Prefix = "__Host-carrel";

    /// <summary>Value of a cookie that is there exactly once under exactly this name; two of a name are nobody's.</summary>
    internal static string? Read(HttpRequest request, string name)
    {
        string? found = null;
        foreach (string? header in request.Headers.Cookie)
        {
            foreach (string part in (header ?? "").Split(';'))
            {
                ReadOnlySpan<char> pair = part.AsSpan().Trim(' ');
                int equals = pair.IndexOf('=');
                if (equals < 0 || !pair[..equals].SequenceEqual(name))
                    continue;
                if (found is not null)
                    return null;
                found = pair[(equals + 1)..].ToString();
            }
        }

        return found;
    }
}
