using Carrel.Arm.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.SignIn;

/// <summary>
/// What nothing else has answered with a body, mostly an address or a method that nothing answers to: a page for a browser, the error envelope (contract 1.7)
/// for everybody else.
/// </summary>
public static class Unanswered
{
    /// <summary>Fills empty refusals of the studio's origin. Comes before the routes.</summary>
    public static void UseRefusalsWithReasons(this IApplicationBuilder app) => app.UseStatusCodePages(AnswerAsync);

    private static async Task AnswerAsync(StatusCodeContext refused)
    {
        HttpContext context = refused.HttpContext;
        HttpResponse response = context.Response;
        ArmError error = Reason(context.Request, response);
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            await Page.Message(response.StatusCode, response.StatusCode == 404 ? "Nothing here" : "Not this way", Html.Of($"<p>{error.Message}</p><p><a href=\"/\">Home</a></p>"))
                .ExecuteAsync(context);
            return;
        }

        byte[] body = ArmErrorBody.Text(error);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static ArmError Reason(HttpRequest request, HttpResponse response) => response.StatusCode switch
    {
        404 => new("NotFound", "Nothing answers at this address: check its path. The ARM API begins with /subscriptions.", request.Path),
        405 => new("MethodNotAllowed", $"{request.Method} is not supported here; supported: {response.Headers.Allow}.", request.Path),
        int status => new("InvalidRequest", $"The request was refused with status {status}: check its method, headers and body.", request.Path),
    };
}
