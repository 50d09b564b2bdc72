namespace Carrel.Gateway.Origins;

/// <summary>Whose a host name is.</summary>
public enum HostOwner
{
    /// <summary>Nobody's: 421.</summary>
    Unknown,

    /// <summary>The studio's origin: authority, ARM, studio.</summary>
    Studio,

    /// <summary>An instance's origin.</summary>
    Instance,
}

/// <summary>What a <c>Host</c> means.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Instance">The instance's origin when it is one; null otherwise.</param>
/// <param name="Authority">The canonical host and port; never what the client wrote.</param>
public readonly record struct HostMatch(HostOwner Owner, InstanceOrigin? Instance, string Authority);

/// <summary>The only reader of <c>Host</c>. What it does not know is refused, so that nobody behind it has to distrust the header.</summary>
public sealed class HostNames(GatewayOptions options)
{
    private readonly string _suffix = ".instances." + options.InstanceDomain.ToLowerInvariant();
    private readonly string _studio = options.StudioDomain.ToLowerInvariant();
    private readonly string _publicHost = options.PublicHost;

    /// <summary>Reads a <c>Host</c> header; its port has to be the public one.</summary>
    public HostMatch Read(string host) => Read(host, anyPort: false);

    /// <summary>Reads a <c>Host</c> header whatever its port, for requests that came without TLS.</summary>
    public HostMatch ReadIgnoringPort(string host) => Read(host, anyPort: true);

    /// <summary>Reads the redirect URI of an instance: exactly <c>https://AUTHORITY/.carrel/callback</c> in canonical spelling, or null.</summary>
    public InstanceOrigin? ReadCallback(string redirectUri)
    {
        const string Scheme = "https://";
        if (!redirectUri.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        int slash = redirectUri.IndexOf('/', Scheme.Length);
        if (slash < 0 || Read(redirectUri[Scheme.Length..slash]).Instance is not { } origin)
            return null;
        // Text against text: no second parser can read another address out of it.
        return redirectUri == origin.CallbackUri ? origin : null;
    }

    private HostMatch Read(string host, bool anyPort)
    {
        int colon = host.LastIndexOf(':');
        bool hasPort = colon >= 0 && !host.EndsWith(']');
        string name = (hasPort ? host[..colon] : host).ToLowerInvariant();
        if (!anyPort && (hasPort ? host[(colon + 1)..] : "443") != options.PublicUrl.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            return default;
        string authority = name + options.PortSuffix;
        // The public name first: an operator may have put it anywhere.
        if (name.Trim('[', ']') == _publicHost || name == "localhost" || IsStudioName(name))
            return new HostMatch(HostOwner.Studio, null, authority);
        return ReadInstance(name, authority) is { } origin ? new HostMatch(HostOwner.Instance, origin, authority) : default;
    }

    private InstanceOrigin? ReadInstance(string host, string authority)
    {
        if (!host.EndsWith(_suffix, StringComparison.Ordinal))
            return null;
        string[] labels = host[..^_suffix.Length].Split('.');
        if (labels.Length != 2 || !IsLabel(labels[0]) || !IsLabel(labels[1]))
            return null;
        // No instance's name ends in a hyphen and digits (contract 1.3), so the two cannot be taken for each other.
        int hyphen = labels[0].LastIndexOf('-');
        return hyphen > 0 && ReadPort(labels[0].AsSpan(hyphen + 1)) is { } port
            ? new InstanceOrigin(labels[0][..hyphen], labels[1], authority) { ApplicationPort = port }
            : new InstanceOrigin(labels[0], labels[1], authority);
    }

    // In its one canonical spelling: two spellings of an origin would be two origins to browsers and one to us.
    private static int? ReadPort(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 5 && !text.ContainsAnyExceptInRange('0', '9') && text[0] != '0'
        && int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) is var port and <= System.Net.IPEndPoint.MaxPort
            ? port
            : null;

    private bool IsStudioName(string host)
    {
        if (host == _studio)
            return true;
        if (!host.EndsWith("." + _studio, StringComparison.Ordinal))
            return false;
        string rest = host[..^(_studio.Length + 1)];
        return IsLabel(rest.EndsWith(".blob", StringComparison.Ordinal) ? rest[..^".blob".Length] : rest);
    }

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && text[0] != '-' && text[^1] != '-';
}
