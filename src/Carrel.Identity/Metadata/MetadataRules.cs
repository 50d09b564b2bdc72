using System.Globalization;
using Carrel.AgentProtocol.Identity;

namespace Carrel.Identity.Metadata;

/// <summary>A request to the metadata service, as it came.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path.</param>
/// <param name="Query">Query, raw.</param>
/// <param name="Metadata">Values of the header <c>Metadata</c>.</param>
/// <param name="Forwarded">Whether a header says that it was forwarded.</param>
internal sealed record MetadataRequest(string Method, string Path, string Query, IReadOnlyList<string?> Metadata, bool Forwarded);

/// <summary>
/// What is asked of the metadata service (contract 9.3; wire 2.3), in this order: way, header, path, method, query. The header and the refusal of
/// forwarded requests keep out programs that were talked into asking: a proxy, or a page that a browser inside the machine shows. Pure.
/// </summary>
internal static class MetadataRules
{
    internal const string Path = "/metadata/identity/oauth2/token";

    private const string Oldest = "2018-02-01";

    internal static IdentityReading Read(MetadataRequest request)
    {
        if (request.Forwarded)
            return IdentityRefusal.InvalidRequest("Forwarded requests get no token: ask from inside the machine.");
        if (request.Metadata is not ["true"])
            return IdentityRefusal.NoMetadataHeader;
        if (!request.Path.Equals(Path, StringComparison.OrdinalIgnoreCase))
            return IdentityRefusal.UnknownPath;
        if (request.Method != "GET")
            return IdentityRefusal.InvalidRequest("Tokens are asked for with GET.");
        return IdentityQuery.Read(request.Query, IsVersion, $"'{Oldest}' or a later date");
    }

    // Clients of many years send many dates; the answer has been the same since the first.
    private static bool IsVersion(string version) =>
        DateOnly.TryParseExact(version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) && string.CompareOrdinal(version, Oldest) >= 0;
}
