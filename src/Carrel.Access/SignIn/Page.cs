using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.SignIn;

/// <summary>A server-rendered page at the studio's origin: no script at all, one style with a nonce, never in a frame, never kept by a cache.</summary>
internal sealed class Page(int status, string title, Html body, IReadOnlyList<string> formTargets) : IResult
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #f6f4ef; --card: #ffffff; --line: #d5d0c4; --edge: #857f70; --accent: #1f5f8b; --bad: #a4262c; }
        @media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --paper: #1c1d1f; --card: #26282b; --line: #44474c; --edge: #8b9098; --accent: #7fb8dd; --bad: #ff9aa0; } }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink);
               font: 1rem/1.5 system-ui, sans-serif; }
        main { width: 100%; max-width: 26rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 2rem; overflow-wrap: anywhere; }
        .name { margin: 0 0 1rem; font-weight: 600; letter-spacing: .04em; color: var(--accent); }
        h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
        label { display: block; margin-top: 1rem; font-weight: 600; }
        h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
        dt { margin-top: .75rem; font-weight: 600; }
        dd { margin: 0; }
        .warning { padding-left: .75rem; border-left: 3px solid var(--accent); }
        .buttons { display: flex; gap: .75rem; flex-wrap: wrap; margin: 0; }
        input { width: 100%; margin-top: .25rem; padding: .6rem .7rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--edge); border-radius: .4rem; }
        input[aria-invalid] { border-color: var(--bad); }
        input[readonly] { margin-top: 0; padding: 0; border: 0; }
        button { margin-top: 1.5rem; padding: .6rem 1.2rem; font: inherit; font-weight: 600; color: var(--card); background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer; }
        button.second { color: var(--accent); background: transparent; border: 1px solid var(--accent); }
        input.code { font-family: ui-monospace, monospace; font-size: 1.25rem; letter-spacing: .1em; text-transform: uppercase; }
        input.code::placeholder { opacity: .4; }
        a { color: var(--accent); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        [role=alert] { padding: .7rem; border: 1px solid var(--bad); border-radius: .4rem; color: var(--bad); }
        ul { list-style: none; margin: 1rem 0 0; padding: 0; }
        li { padding: .7rem 0; border-top: 1px solid var(--line); }
        small { display: block; opacity: .8; }
        @media (max-width: 30rem) { body { padding: .75rem; } main { padding: 1.5rem 1.25rem; } .buttons button { flex: 1 1 100%; margin-top: 0; } .buttons { margin-top: 1.5rem; } }
        """;

    /// <summary>A page with nothing to send.</summary>
    internal static Page Message(int status, string title, Html body) => new(status, title, body, []);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        string nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        HttpResponse response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // A form's redirects count as the form's action in Chromium: the places a sign-in may lead to have to be listed.
        string action = string.Join(' ', ["'self'", .. formTargets]);
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; form-action {action}; base-uri 'none'; frame-ancestors 'none'";
        response.Headers.XFrameOptions = "DENY";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Not no-referrer: browsers then send 'Origin: null' with our own forms.
        response.Headers["Referrer-Policy"] = "same-origin";
        string html = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html.Of($"{title}")} - Carrel</title>
            <style nonce="{nonce}">
            {Style}
            </style>
            </head>
            <body>
            <main>
            <p class="name">Carrel</p>
            <h1>{Html.Of($"{title}")}</h1>
            {body}
            </main>
            </body>
            </html>

            """;
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(html), httpContext.RequestAborted);
    }
}
