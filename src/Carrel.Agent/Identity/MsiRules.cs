using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Identity;

namespace Carrel.Agent.Identity;

/// <summary>A request to the endpoint for tokens, as it came.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path.</param>
/// <param name="Query">Query, raw.</param>
/// <param name="Host">Header <c>Host</c>.</param>
/// <param name="Secret">Header <c>Secret</c>, in any case; null when missing or sent twice.</param>
/// <param name="Forwarded">Whether a header says that it was forwarded.</param>
internal sealed record MsiRequest(string Method, string Path, string Query, string Host, string? Secret, bool Forwarded);

/// <summary>
/// What is asked of the App Service form of the endpoint (contract 9.3; wire 2.2), in this order: path, name, way, method, secret, query. The
/// secret keeps out whoever reaches the port and is not meant to have a token: a page in a browser (which also names another host), a proxy, a
/// process of another user. Pure.
/// </summary>
internal static class MsiRules
{
    /// <summary>The one path.</summary>
    public const string Path = "/MSI/auth";

    private const string Version = "2017-09-01";

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="secret">The secret it has to carry.</param>
    /// <param name="port">The port the endpoint listens on.</param>
    public static IdentityReading Read(MsiRequest request, string secret, int port)
    {
        // az puts a slash behind what MSI_ENDPOINT says.
        if (!request.Path.Equals(Path, StringComparison.OrdinalIgnoreCase) && !request.Path.Equals(Path + "/", StringComparison.OrdinalIgnoreCase))
        {
            return IdentityRefusal.UnknownPath;
        }

        if (request.Host != $"127.0.0.1:{port}" && !request.Host.Equals($"localhost:{port}", StringComparison.OrdinalIgnoreCase))
        {
            return IdentityRefusal.InvalidRequest("The request names another host than MSI_ENDPOINT does.");
        }

        if (request.Forwarded)
        {
            return IdentityRefusal.InvalidRequest("Forwarded requests get no token: ask from inside the machine.");
        }

        if (request.Method != "GET")
        {
            return IdentityRefusal.InvalidRequest("Tokens are asked for with GET.");
        }

        return MachineSecret.Matches(secret, request.Secret)
            ? IdentityQuery.Read(request.Query, version => version == Version, $"'{Version}'")
            : IdentityRefusal.WrongSecret;
    }
}
