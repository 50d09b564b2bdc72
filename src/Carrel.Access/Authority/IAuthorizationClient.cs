using Carrel.Access.Directory;

namespace Carrel.Access.Authority;

/// <summary>A program that may send people here to sign in. All are public clients: PKCE with S256 is what binds a code to them.</summary>
public interface IAuthorizationClient
{
    /// <summary>The <c>client_id</c>, compared exactly.</summary>
    string ClientId { get; }

    /// <summary>Name for people.</summary>
    string DisplayName { get; }

    /// <summary>Where its redirects lead, as sources of a content security policy: a browser follows a form's redirect only to listed places.</summary>
    IReadOnlyList<string> RedirectSources { get; }

    /// <summary>
    /// Whether the token endpoint redeems its codes. No unless a client says so: scripts at an instance's origin could otherwise ask for a code
    /// with a challenge of their own and turn it into their owner's access token. Such codes are redeemed in process, by
    /// <see cref="AuthorizationCodes.RedeemAsync"/>.
    /// </summary>
    bool RedeemsAtTokenEndpoint => false;

    /// <summary>Whether this exact redirect URI is one of the client's.</summary>
    bool AllowsRedirect(string redirectUri);

    /// <summary>Whether this person may get a code for this redirect URI, such as the owner for an instance.</summary>
    ValueTask<ClientAdmission> AdmitAsync(DirectoryUser user, string redirectUri, CancellationToken cancellation);
}

/// <summary>Whether a person gets a code.</summary>
/// <param name="Allowed">Yes or no.</param>
/// <param name="Reason">A sentence for the person when refused; says nothing about things that are not theirs.</param>
public sealed record ClientAdmission(bool Allowed, string Reason)
{
    /// <summary>Yes.</summary>
    public static ClientAdmission Yes { get; } = new(true, "");
}

/// <summary>The registered clients.</summary>
public interface IAuthorizationClientRegistry
{
    /// <summary>All of them.</summary>
    IReadOnlyList<IAuthorizationClient> All { get; }

    /// <summary>Finds one by its id, or null.</summary>
    IAuthorizationClient? Find(string clientId);

    /// <summary>Where all of them may lead: a page that signs in can end at any.</summary>
    IReadOnlyList<string> RedirectSources() => [.. All.SelectMany(client => client.RedirectSources).Distinct(StringComparer.Ordinal)];
}

/// <summary>The clients that the composition registered as <see cref="IAuthorizationClient"/>.</summary>
public sealed class AuthorizationClientRegistry(IEnumerable<IAuthorizationClient> clients) : IAuthorizationClientRegistry
{
    /// <inheritdoc/>
    public IReadOnlyList<IAuthorizationClient> All { get; } = [.. clients];

    /// <inheritdoc/>
    public IAuthorizationClient? Find(string clientId) => All.FirstOrDefault(client => client.ClientId == clientId);
}
