using Carrel.Access.Directory;

namespace Carrel.Access.Authority;

/// <summary>The <c>carrel</c> command: listens on a free port of its own machine for the answer (RFC 8252, 7.3).</summary>
public sealed class CommandLineClient : IAuthorizationClient
{
    /// <summary>Its <c>client_id</c>, fixed for every installation, like that of the Azure CLI; the command carries the same.</summary>
    public const string Id = "c4a77e10-0000-4000-8000-0000000000c1";

    /// <inheritdoc/>
    public string ClientId => Id;

    /// <inheritdoc/>
    public string DisplayName => "the carrel command";

    /// <inheritdoc/>
    public IReadOnlyList<string> RedirectSources => LoopbackRedirect.Sources;

    /// <inheritdoc/>
    public bool RedeemsAtTokenEndpoint => true;

    /// <inheritdoc/>
    public bool AllowsRedirect(string redirectUri) => LoopbackRedirect.Allows(redirectUri, slash: true);

    /// <inheritdoc/>
    public ValueTask<ClientAdmission> AdmitAsync(DirectoryUser user, string redirectUri, CancellationToken cancellation) => new(ClientAdmission.Yes);
}
