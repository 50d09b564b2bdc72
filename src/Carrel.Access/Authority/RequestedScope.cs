using Carrel.Access.Tokens;

namespace Carrel.Access.Authority;

/// <summary>What a <c>scope</c> parameter asks for.</summary>
/// <param name="Audience">For whom the access token is to be.</param>
/// <param name="OpenId">Whether an id token is wanted too.</param>
/// <param name="Offline">Whether a refresh token is wanted too.</param>
internal sealed record RequestedScope(string Audience, bool OpenId, bool Offline = false)
{
    private static readonly string[] AboutThePerson = ["openid", "profile", "email", "offline_access"];

    /// <summary>Reads the scope of a program: exactly one resource with <c>/.default</c>.</summary>
    internal static (RequestedScope? Scope, OAuthError? Error) ForProgram(string scope, Audiences audiences)
    {
        string text = scope.Trim(' ');
        const string All = "/.default";
        if (text.Contains(' ') || !text.EndsWith(All, StringComparison.OrdinalIgnoreCase))
            return (null, new OAuthError(400, "invalid_scope", 1002012, "A program asks for one resource, followed by /.default."));
        return OfResource(text[..^All.Length], false, false, audiences);
    }

    /// <summary>Reads the scope of a person's client: OpenID words and at most one resource; none means Carrel itself.</summary>
    internal static (RequestedScope? Scope, OAuthError? Error) ForPerson(string scope, Audiences audiences)
    {
        string[] words = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool openId = words.Contains("openid", StringComparer.Ordinal), offline = words.Contains("offline_access", StringComparer.Ordinal);
        string[] resources = [.. words.Except(AboutThePerson).Select(ResourceOf).Distinct(StringComparer.OrdinalIgnoreCase)];
        return resources.Length switch
        {
            0 => (new RequestedScope(audiences.Default, openId, offline), null),
            1 => OfResource(resources[0], openId, offline, audiences),
            _ => (null, OAuthError.MalformedScope("The scope names more than one resource. Ask for one at a time.")),
        };
    }

    private static (RequestedScope?, OAuthError?) OfResource(string resource, bool openId, bool offline, Audiences audiences) =>
        audiences.Know(resource) ? (new RequestedScope(resource, openId, offline), null) : (null, OAuthError.UnknownResource(resource));

    // {U}//.default means the audience {U}/ : only the last segment is the permission.
    private static string ResourceOf(string scope) => scope.LastIndexOf('/') is > 0 and var cut ? scope[..cut] : scope;
}
