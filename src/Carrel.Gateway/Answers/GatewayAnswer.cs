using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carrel.Access.SignIn;
using Carrel.Arm.Errors;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Answers;

/// <summary>An answer of the gateway itself: a page to a browser that navigates, the ARM error envelope to everybody else.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Word for programs.</param>
/// <param name="Title">Heading of the page.</param>
/// <param name="Message">Sentence for people, in both forms.</param>
/// <param name="Body">What the page says beside the message.</param>
internal sealed record GatewayAnswer(int Status, string Code, string Title, string Message, Html? Body = null) : IResult
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #f6f4ef; --card: #ffffff; --line: #d5d0c4; --accent: #1f5f8b; }
        @media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --paper: #1c1d1f; --card: #26282b; --line: #44474c; --accent: #7fb8dd; } }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink);
               font: 1rem/1.5 system-ui, sans-serif; }
        main { width: 100%; max-width: 32rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 2rem; overflow-wrap: anywhere; }
        .name { margin: 0 0 1rem; font-weight: 600; letter-spacing: .04em; color: var(--accent); }
        h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
        a { color: var(--accent); }
        pre { padding: .7rem; border: 1px solid var(--line); border-radius: .4rem; white-space: pre-wrap; }
        button { padding: .6rem 1.2rem; font: inherit; font-weight: 600; color: var(--card); background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        """;

    /// <summary>Value of <c>WWW-Authenticate</c>, with a 401.</summary>
    internal string? Challenge { get; init; }

    /// <summary>Seconds after which the page loads itself anew; null for never.</summary>
    internal int? Reload { get; init; }

    /// <summary>A page whoever asks: for answers that only people get.</summary>
    internal bool AlwaysPage { get; init; }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (Challenge is not null)
            response.Headers.WWWAuthenticate = Challenge;
        byte[] content = AlwaysPage || Navigation.IsPage(httpContext.Request) ? WritePage(response) : WriteJson(response);
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await response.Body.WriteAsync(content, httpContext.RequestAborted);
    }

    private byte[] WriteJson(HttpResponse response)
    {
        response.ContentType = "application/json; charset=utf-8";
        return ArmErrorBody.Text(new ArmError(Code, Message));
    }

    private byte[] WritePage(HttpResponse response)
    {
        string nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        response.Headers.XFrameOptions = "DENY";
        // Not no-referrer: browsers then send 'Origin: null' with the sign-out form.
        response.Headers["Referrer-Policy"] = "same-origin";
        Html reload = Reload is { } seconds ? Html.Of($"<meta http-equiv=\"refresh\" content=\"{seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}\">") : Html.Empty;
        return Encoding.UTF8.GetBytes($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            {reload}
            <title>{Html.Of($"{Title}")} - Carrel</title>
            <style nonce="{nonce}">
            {Style}
            </style>
            </head>
            <body>
            <main>
            <p class="name">Carrel</p>
            <h1>{Html.Of($"{Title}")}</h1>
            <p>{Html.Of($"{Message}")}</p>
            {Body ?? Html.Empty}
            </main>
            </body>
            </html>

            """);
    }
}
