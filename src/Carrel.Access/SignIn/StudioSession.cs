using Carrel.Access.Directory;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.SignIn;

/// <summary>The studio's session cookie.</summary>
public sealed class StudioSession(Sessions sessions)
{
    /// <summary>Its name: <c>__Host-</c> makes browsers insist on Secure, Path=/ and no Domain.</summary>
    public const string Cookie = "__Host-carrel";

    /// <summary>Who is signed in, or null.</summary>
    public ValueTask<SignedIn?> FindAsync(HttpContext context) =>
        sessions.FindAsync(context.Request.Cookies[Cookie], SessionKind.Studio, null, context.RequestAborted);

    /// <summary>Signs a person in with this browser. Whoever was signed in with it before is not any more, and the token is new: none can have been planted.</summary>
    public async Task BeginAsync(HttpContext context, DirectoryUser person)
    {
        if (await FindAsync(context) is { } before)
            await sessions.EndAsync(before.Session, context.RequestAborted);
        string token = await sessions.BeginStudioAsync(person.ObjectId, context.RequestAborted);
        context.Response.Cookies.Append(Cookie, token, CookieOptions(Sessions.LongestLife));
    }

    /// <summary>The attributes of every cookie of ours; the gateway uses the same for its own.</summary>
    /// <param name="life">How long the browser keeps it; null means until it is closed.</param>
    public static CookieOptions CookieOptions(TimeSpan? life) =>
        new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = life, IsEssential = true };
}
