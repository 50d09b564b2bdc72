using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Arm.Audit;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Opening;
using Carrel.Gateway.Origins;

namespace Carrel.Gateway.WayIn;

/// <summary>
/// The gateway towards the authority. Its codes are redeemed in process only: the token endpoint refuses this client, because scripts at
/// an instance's origin could otherwise ask for a code with a challenge of their own and turn it into their owner's access token.
/// </summary>
internal sealed class GatewayClient(HostNames hosts, IInstanceRoutes routes, HomeTenant tenant, OpeningAudit audit, GatewayOptions options) : IAuthorizationClient
{
    /// <summary>Its <c>client_id</c>.</summary>
    public const string Id = "CarrelGateway";

    /// <summary>Said alike of instances that are somebody else's and of those that are not there.</summary>
    internal const string Refusal = "There is no compute instance of this name that you may open. An instance opens to the user it is assigned to, and to nobody else.";

    /// <inheritdoc/>
    public string ClientId => Id;

    /// <inheritdoc/>
    public string DisplayName => "the compute instances";

    /// <inheritdoc/>
    public IReadOnlyList<string> RedirectSources { get; } = [$"https://*.instances.{options.InstanceDomain}{options.PortSuffix}"];

    /// <inheritdoc/>
    public bool AllowsRedirect(string redirectUri) => hosts.ReadCallback(redirectUri) is not null;

    /// <inheritdoc/>
    public async ValueTask<ClientAdmission> AdmitAsync(DirectoryUser user, string redirectUri, CancellationToken cancellation)
    {
        InstanceRoute? route = hosts.ReadCallback(redirectUri) is { } origin ? await routes.FindAsync(origin.Location, origin.Name) : null;
        if (route?.Owner == user.ObjectId)
            return ClientAdmission.Yes;
        if (route is not null)
            await audit.RefusedAsync(tenant.CallerOf(user), route, "ComputeInstanceAccessDenied", AuditRequest.New(), cancellation);
        return new ClientAdmission(false, Refusal);
    }
}
