using Carrel.Access.Directory;

namespace Carrel.Access.Authority;

/// <summary>The <c>carrel</c> command: listens on a free port of its own machine for the answer (RFC 8252, 7.3).</summary>
public sealed class CommandLineClient : IAuthorizationClient
{
    /// <summary>Its <c>client_id</c>, fixed for every installation, like that of the Azure CLI; the command carries the same.</summary>
    public const string Id = "c4a77e10-0000-4000-8000-0000000000c1";

    private static readonly string[] Hosts = ["http://127.0.0.1:", "http://localhost:"];

    /// <inheritdoc/>
    public string ClientId => Id;

    /// <inheritdoc/>
    public string DisplayName => "the carrel command";

    /// <inheritdoc/>
    public IReadOnlyList<string> RedirectSources { get; } = ["http://127.0.0.1:*", "http://localhost:*"];

    /// <inheritdoc/>
    public bool RedeemsAtTokenEndpoint => true;

    /// <inheritdoc/>
    public bool AllowsRedirect(string redirectUri)
    {
        // Text against text, so that no two parsers can disagree about what the address means.
        string? host = Array.Find(Hosts, candidate => redirectUri.StartsWith(candidate, StringComparison.Ordinal));
        if (host is null || !redirectUri.EndsWith('/'))
            return false;
        ReadOnlySpan<char> port = redirectUri.AsSpan(host.Length, redirectUri.Length - host.Length - 1);
        return port.Length is > 0 and <= 5 && !port.ContainsAnyExceptInRange('0', '9') && port[0] != '0' && int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) <= 65535;
    }

    /// <inheritdoc/>
    public ValueTask<ClientAdmission> AdmitAsync(DirectoryUser user, string redirectUri, CancellationToken cancellation) => new(ClientAdmission.Yes);
}
