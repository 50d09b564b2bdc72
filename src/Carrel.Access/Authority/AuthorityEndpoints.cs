using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Authority;

/// <summary>Carrel as its own authority.</summary>
public static class AuthorityEndpoints
{
    /// <summary>Maps discovery, keys, cloud metadata, token and authorize addresses.</summary>
    public static void MapAuthority(this IEndpointRouteBuilder routes)
    {
        DiscoveryApi.Map(routes);
        MetadataApi.Map(routes);
        TokenApi.Map(routes);
        AuthorizeApi.Map(routes);
    }
}
