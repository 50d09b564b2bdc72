using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carrel.Access.Directory;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.SignIn;

/// <summary>
/// Keeps other sites from sending our forms: the Origin header has to be exactly ours, and each form carries a token that only a page of ours
/// could have been given, bound to a cookie that no other host can set (<c>__Host-</c>).
/// </summary>
public sealed class FormGuard(AccessOptions options)
{
    internal const string Cookie = "__Host-carrel-form";

    /// <summary>Name of the hidden field.</summary>
    public const string Field = "form_token";

    /// <summary>The token for a form; makes the browser's cookie when there is none.</summary>
    internal static string TokenFor(HttpContext context, string form)
    {
        string? secret = context.Request.Cookies[Cookie];
        if (secret is not { Length: 43 })
        {
            secret = ClientSecrets.Create();
            context.Response.Cookies.Append(Cookie, secret, StudioSession.CookieOptions(null));
        }

        return Derive(secret, form);
    }

    /// <summary>Whether the request came from a page of this origin. Absent means refused.</summary>
    internal bool IsSameOrigin(HttpRequest request) =>
        request.Headers.Origin.Count == 1 && request.Headers.Origin[0] == options.Origin;

    /// <summary>Whether the token is the one this browser was given for this form.</summary>
    internal static bool IsGenuine(HttpRequest request, string form, string? token) =>
        request.Cookies[Cookie] is { Length: 43 } secret && token is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Derive(secret, form)));

    private static string Derive(string secret, string form) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(form)));
}
