using Carrel.Access.Authority.Device;
using Carrel.Access.Authority.Grants;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Authority;

/// <summary>Carrel as its own authority.</summary>
public static class AuthorityEndpoints
{
    /// <summary>Maps discovery, keys, cloud metadata, token, authorize, device and sign-out addresses.</summary>
    public static void MapAuthority(this IEndpointRouteBuilder routes)
    {
        DiscoveryApi.Map(routes);
        MetadataApi.Map(routes);
        TokenApi.Map(routes);
        AuthorizeApi.Map(routes);
        RevocationApi.Map(routes);
        DeviceCodeApi.Map(routes);
        DevicePages.Map(routes);
    }
}
