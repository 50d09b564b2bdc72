using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Http;

/// <summary>Waits for a long operation the way the Azure clients do (wire.md 4): Azure-AsyncOperation, else Location, else the resource itself.</summary>
internal sealed class OperationPoller(CliHost host, ArmClient client)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when the operation that <paramref name="accepted"/> began has succeeded.</summary>
    /// <param name="accepted">The answer that began it.</param>
    /// <param name="resource">Path of the resource, polled when no header names an operation; null for actions.</param>
    /// <param name="label">What the progress line says.</param>
    /// <param name="cancel">Ctrl+C: the operation goes on, and the message says so.</param>
    /// <exception cref="CliException">It failed, was cancelled, or was left running.</exception>
    public async Task WaitAsync(ArmResponse accepted, string? resource, string label, CancellationToken cancel)
    {
        using var progress = new Progress(host, label);
        try
        {
            if (accepted.AsyncOperation is { } status)
                await PollStatusAsync(status, accepted, progress, cancel);
            else if (accepted.Location is { } result && accepted.Status == 202)
                await PollLocationAsync(result, accepted.RetryAfter, progress, cancel);
            else if (resource is not null)
                await PollResourceAsync(resource, accepted, progress, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            progress.Dispose();
            throw new CliException(ExitCode.Interrupted, "Interrupted. The operation goes on at the server; follow it with the 'show' verb.");
        }
    }

    private async Task PollStatusAsync(string address, ArmResponse accepted, Progress progress, CancellationToken cancel)
    {
        var wait = accepted.RetryAfter;
        while (true)
        {
            await PauseAsync(wait, cancel);
            var answer = await client.SendAsync(HttpMethod.Get, address, null, cancel);
            var state = answer.Body?["status"]?.ToString();
            progress.Report(state);
            if (Is(state, "Succeeded"))
                return;
            if (Is(state, "Failed") || Is(state, "Canceled") || state is null)
                throw Failure(state, answer.Body?["error"], accepted.RequestId);
            wait = answer.RetryAfter ?? wait;
        }
    }

    private async Task PollLocationAsync(string address, TimeSpan? wait, Progress progress, CancellationToken cancel)
    {
        while (true)
        {
            await PauseAsync(wait, cancel);
            var answer = await client.SendAsync(HttpMethod.Get, address, null, cancel);
            progress.Report(null);
            if (answer.Status != 202)
                return;
            address = answer.Location ?? address;
            wait = answer.RetryAfter ?? wait;
        }
    }

    private async Task PollResourceAsync(string resource, ArmResponse answer, Progress progress, CancellationToken cancel)
    {
        while (true)
        {
            var state = answer.Body?["properties"]?["provisioningState"]?.ToString();
            progress.Report(state);
            if (state is null || Is(state, "Succeeded"))
                return;
            if (Is(state, "Failed") || Is(state, "Canceled"))
                throw Failure(state, (answer.Body?["properties"]?["provisioningErrors"] as JsonArray)?.FirstOrDefault()?["error"], answer.RequestId);
            await PauseAsync(answer.RetryAfter, cancel);
            answer = await client.SendAsync(HttpMethod.Get, resource, null, cancel);
        }
    }

    private Task PauseAsync(TimeSpan? wait, CancellationToken cancel)
    {
        var pause = wait ?? Usual;
        return Task.Delay(pause < Shortest ? Shortest : pause, host.Time, cancel);
    }

    private static CliException Failure(string? state, JsonNode? error, string? requestId) => new(ExitCode.Refused, ServerError.WithRequest(
        ServerError.Describe(error) ?? $"The operation ended as {state ?? "unknown"} without saying why.", requestId));

    private static bool Is(string? state, string word) => string.Equals(state, word, StringComparison.OrdinalIgnoreCase);
}
