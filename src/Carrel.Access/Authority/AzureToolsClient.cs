using Carrel.Access.Directory;

namespace Carrel.Access.Authority;

/// <summary>
/// The Azure CLI and the developer credentials of the Azure SDKs (DeviceCodeCredential, InteractiveBrowserCredential): all of them carry the client id of
/// the Azure CLI, so that a person signs in with them as in Azure.
/// </summary>
public sealed class AzureToolsClient : IAuthorizationClient
{
    /// <summary>The published client id of the Azure CLI.</summary>
    public const string Id = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

    /// <inheritdoc/>
    public string ClientId => Id;

    /// <inheritdoc/>
    public string DisplayName => "the Azure CLI or an Azure SDK";

    /// <inheritdoc/>
    public IReadOnlyList<string> RedirectSources => LoopbackRedirect.Sources;

    /// <inheritdoc/>
    public bool RedeemsAtTokenEndpoint => true;

    /// <inheritdoc/>
    public bool AllowsRedirect(string redirectUri) => LoopbackRedirect.Allows(redirectUri, slash: false);

    /// <inheritdoc/>
    public ValueTask<ClientAdmission> AdmitAsync(DirectoryUser user, string redirectUri, CancellationToken cancellation) => new(ClientAdmission.Yes);
}
