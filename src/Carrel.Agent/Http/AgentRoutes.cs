using System.Globalization;
using Carrel.Agent.Activity;
using Carrel.Agent.Rescue;
using Carrel.Agent.Settings;
using Carrel.Agent.Supervision;
using Carrel.Agent.Terminals;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Http;

/// <summary>
/// Every request passes in this order: path, method, body, work. Whoever asks has proved to be the server before the line was opened. A table of six
/// paths needs no routing framework.
/// </summary>
internal sealed class AgentRoutes(
    AgentOptions options, AppliedSettings settings, BootMode boot, ServiceSupervisor supervisor, ActivitySampler sampler, JupyterClient jupyter, OwnOutput own,
    TimeProvider time)
{
    private readonly TerminalBoard _terminals = new(options);
    private readonly string _bootId = Guid.NewGuid().ToString("n");
    private readonly long _started = time.GetTimestamp();

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            await RouteAsync(context, limit);
        }
        catch (RefusedException refusal)
        {
            await JsonBodies.WriteAsync(
                context.Response, refusal.Status, new AgentError(refusal.Code, refusal.Message), AgentJson.Default.AgentError, context.RequestAborted);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            var late = new AgentError("Timeout", "The machine did not finish in time; ask again.");
            await JsonBodies.WriteAsync(
                context.Response, StatusCodes.Status504GatewayTimeout, late, AgentJson.Default.AgentError, context.RequestAborted);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            await options.Log.WriteLineAsync($"{context.Request.Method} {context.Request.Path}: {failure}");
            var broken = new AgentError("MachineBroken", "A file or program that the machine needs cannot be used; its agent's log tells which.");
            await JsonBodies.WriteAsync(
                context.Response, StatusCodes.Status500InternalServerError, broken, AgentJson.Default.AgentError, context.RequestAborted);
        }
    }

    private Task RouteAsync(HttpContext context, CancellationTokenSource limit)
    {
        var path = context.Request.Path.Value ?? "";
        if (path != AgentContract.ReadyPath)
        {
            limit.CancelAfter(options.RequestTimeout);
        }

        return path switch
        {
            AgentContract.HealthPath => Only(HttpMethods.Get, context) ?? HealthAsync(context, limit.Token),
            AgentContract.SettingsPath => Only(HttpMethods.Put, context) ?? SettingsAsync(context, limit.Token),
            AgentContract.ActivityPath => Only(HttpMethods.Get, context) ?? ActivityAsync(context, limit.Token),
            AgentContract.ReadyPath => Only(HttpMethods.Get, context) ?? ReadyAsync(context, limit.Token),
            _ when path.StartsWith(AgentContract.EditorsPath, StringComparison.Ordinal) =>
                Only(HttpMethods.Delete, context) ?? throw new RefusedException(
                    StatusCodes.Status404NotFound, "EditorNotFound", "No such connection of VS Code is open on this machine."),
            AgentContract.NoticePath => Only(HttpMethods.Post, context) ?? NoticeAsync(context, limit.Token),
            _ when path.StartsWith(AgentContract.ServicesPath, StringComparison.Ordinal) =>
                Only(HttpMethods.Put, context) ?? ServiceAsync(path[AgentContract.ServicesPath.Length..], context, limit.Token),
            _ => throw new RefusedException(StatusCodes.Status404NotFound, "NotFound", "There is no such path."),
        };
    }

    private async Task HealthAsync(HttpContext context, CancellationToken cancellation)
    {
        var health = new AgentHealth(
            AgentVersion.Current,
            Math.Round(time.GetElapsedTime(_started).TotalSeconds, 3),
            _bootId,
            settings.Version is not null,
            settings.Version,
            supervisor.Health(),
            settings.Problems)
        {
            Rescue = boot.Decided == true,
            FreeBytes = boot.FreeBytes(),
        };
        await JsonBodies.WriteAsync(context.Response, StatusCodes.Status200OK, health, AgentJson.Default.AgentHealth, cancellation);
    }

    private async Task SettingsAsync(HttpContext context, CancellationToken cancellation)
    {
        await settings.ApplyAsync(await JsonBodies.ReadAsync(context.Request, AgentJson.Default.MachineSettings, cancellation), cancellation);
        await HealthAsync(context, cancellation);
    }

    private async Task ServiceAsync(string service, HttpContext context, CancellationToken cancellation)
    {
        if (!AgentContract.Services.Contains(service) || !supervisor.Exists(service))
        {
            throw new RefusedException(
                StatusCodes.Status404NotFound, "ServiceNotFound", $"The services of this machine are {string.Join(", ", AgentContract.Services.Where(supervisor.Exists))}.");
        }

        var wanted = await JsonBodies.ReadAsync(context.Request, AgentJson.Default.ServiceSwitch, cancellation);
        if (await supervisor.SwitchAsync(service, wanted.Up, cancellation) is { } problem)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "ServiceNotSwitched", problem);
        }

        await HealthAsync(context, cancellation);
    }

    private async Task ActivityAsync(HttpContext context, CancellationToken cancellation)
    {
        var activity = await sampler.SampleAsync(cancellation);
        await JsonBodies.WriteAsync(context.Response, StatusCodes.Status200OK, activity, AgentJson.Default.MachineActivity, cancellation);
    }

    private async Task NoticeAsync(HttpContext context, CancellationToken cancellation)
    {
        var notice = await JsonBodies.ReadAsync(context.Request, AgentJson.Default.TerminalNotice, cancellation);
        own.Begin(await jupyter.TerminalsAsync(cancellation) ?? []);
        TerminalNoticeResult result;
        try
        {
            result = new TerminalNoticeResult(_terminals.Write(notice.Text));
        }
        finally
        {
            own.End();
        }

        await JsonBodies.WriteAsync(context.Response, StatusCodes.Status200OK, result, AgentJson.Default.TerminalNoticeResult, cancellation);
    }

    private async Task ReadyAsync(HttpContext context, CancellationToken cancellation)
    {
        var readiness = await jupyter.WaitUntilReadyAsync(WaitOf(context.Request), cancellation);
        await JsonBodies.WriteAsync(context.Response, StatusCodes.Status200OK, readiness, AgentJson.Default.Readiness, cancellation);
    }

    private static TimeSpan WaitOf(HttpRequest request)
    {
        if (!request.Query.TryGetValue("wait", out var text))
        {
            return TimeSpan.Zero;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= AgentContract.LongestReadyWaitSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new RefusedException(
                StatusCodes.Status400BadRequest, "InvalidWait", $"wait must be a number of seconds from 0 to {AgentContract.LongestReadyWaitSeconds}.");
    }

    private static Task? Only(string method, HttpContext context)
    {
        if (HttpMethods.Equals(context.Request.Method, method))
        {
            return null;
        }

        context.Response.Headers.Allow = method;
        throw new RefusedException(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"This path takes {method} only.");
    }
}
