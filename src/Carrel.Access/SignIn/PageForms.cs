using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Carrel.Access.SignIn;

/// <summary>What all pages with forms have in common.</summary>
internal static class PageForms
{
    internal const string OpenTooLong = "This page was open for too long, or cookies are switched off. Please try again.";

    /// <summary>The fields, or null when they cannot be read.</summary>
    internal static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = 64 * 1024;
        try
        {
            return await context.Request.ReadFormAsync(new FormOptions { ValueCountLimit = 16 }, context.RequestAborted);
        }
        // NotSupportedException: a form in UTF-7. InvalidOperationException: a trailer that is no text.
        catch (Exception fault) when (fault is IOException or InvalidDataException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What was wrong, above the form; nothing when nothing was.</summary>
    internal static Html Alert(string? fault) => fault is null ? Html.Empty : Html.Of($"<p role=\"alert\" id=\"fault\">{fault}</p>");

    /// <summary>On the field that has the focus: what was wrong is read out with it, also where an alert that came with the page is not.</summary>
    /// <param name="fault">What was wrong, or null.</param>
    /// <param name="invalid">Whether it is this field that was filled in wrong.</param>
    internal static Html Described(string? fault, bool invalid = false) => fault is null ? Html.Empty
        : invalid ? Html.Of($" aria-describedby=\"fault\" aria-invalid=\"true\"") : Html.Of($" aria-describedby=\"fault\"");

    /// <summary>Says in a header how long to wait; the page says it in words.</summary>
    internal static void RetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    internal static Page CrossOrigin(AccessOptions options) => Page.Message(403, "Refused", Html.Of(
        $"<p>This form was not sent from a page of Carrel at its own address.</p><p><a href=\"{options.Origin}/\">Open {options.Origin}</a></p>"));

    /// <summary>303: a browser then always asks with GET.</summary>
    internal static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>To the sign-in page and back to where the request wanted to go.</summary>
    internal static IResult ToSignIn(HttpContext context) =>
        SeeOther(context, "/signin" + QueryString.Create("return", ReturnPath.OrHome(context.Request.GetEncodedPathAndQuery())));
}
