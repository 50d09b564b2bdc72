using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Carrel.Arm.Pipeline;

/// <summary>
/// Reads <c>//subscriptions/...</c> as <c>/subscriptions/...</c>. Clients put a resource's id, which begins with a slash, behind the slash
/// of their template; the by-id calls of <c>@azure/arm-resources</c> do so every time (seen in 7.0.0).
/// </summary>
public static class DoubledSlash
{
    private static readonly string[] Roots = ["//subscriptions", "//providers"];

    /// <summary>Comes before routing, so that everything behind it sees one spelling of a path.</summary>
    public static IApplicationBuilder UseSingleLeadingSlash(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (Roots.Any(root => http.Request.Path.StartsWithSegments(root)))
            http.Request.Path = http.Request.Path.Value![1..];
        return next(http);
    });
}
