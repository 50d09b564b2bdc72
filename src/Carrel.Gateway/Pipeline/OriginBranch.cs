using Carrel.Gateway.Origins;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Pipeline;

/// <summary>First of all middleware: leads instances' origins away, lets the studio's through, refuses every other host name.</summary>
internal sealed class OriginBranch(RequestDelegate next, HostNames hosts, InstancePipeline pipeline)
{
    public async Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;

        // 1. Nothing is answered without TLS. A page may try again with it; a program that sent a secret has to notice its mistake.
        if (!request.IsHttps)
        {
            await AnswerInsecureAsync(context, hosts.ReadIgnoringPort(request.Host.Value ?? ""));
            return;
        }

        // 2. Whose host name is it?
        HostMatch match = hosts.Read(request.Host.Value ?? "");
        switch (match.Owner)
        {
            case HostOwner.Studio:
                await next(context);
                break;
            case HostOwner.Instance:
                await pipeline.RunAsync(new InstanceVisit(context, match.Instance!));
                break;
            default:
                await MisdirectedAsync(context);
                break;
        }
    }

    private static Task AnswerInsecureAsync(HttpContext context, HostMatch match)
    {
        if (match.Owner == HostOwner.Unknown)
            return MisdirectedAsync(context);
        HttpRequest request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) || RequestTarget.Read(context) is not { } target)
            return TextAsync(context, StatusCodes.Status400BadRequest, "Carrel answers over https only.");
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = $"https://{match.Authority}{target}";
        return Task.CompletedTask;
    }

    private static Task MisdirectedAsync(HttpContext context) =>
        TextAsync(context, StatusCodes.Status421MisdirectedRequest, "This server does not answer to this host name.");

    private static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
