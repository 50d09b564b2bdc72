using Carrel.Agent.Http;
using Carrel.Agent.Lines;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Identity;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Agent.Identity;

/// <summary>
/// <c>MSI_ENDPOINT</c>: tokens of the instance's identities for programs inside the machine. It keeps no token; the server does, and answers for
/// the identities of this very instance only.
/// </summary>
internal sealed class MsiEndpoint(AgentOptions options, string secret, ServerCalls calls) : IAsyncDisposable
{
    private const int MostConnections = 64;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    private TokenListener? _listener;

    /// <summary>Listens. A port that somebody in the machine has taken costs its tokens, not the agent.</summary>
    public async Task StartAsync()
    {
        try
        {
            _listener = await TokenListener.StartAsync((kestrel, how) => kestrel.Listen(options.IdentityListen, how), MostConnections, KeepAlive, AnswerAsync);
        }
        catch (IOException taken)
        {
            await options.Log.WriteLineAsync($"no tokens of identities at port {options.IdentityListen.Port}: {taken.Message}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<(int Status, string Body)> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var asked = new MsiRequest(
            request.Method,
            request.Path.Value ?? "",
            request.QueryString.Value ?? "",
            request.Host.Value ?? "",
            request.Headers["Secret"] is [{ } only] ? only : null,
            request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded"));
        var reading = MsiRules.Read(asked, secret, options.IdentityListen.Port);
        if (reading.Question is not { } question)
        {
            return (reading.Refusal!.Status, reading.Refusal.ToJson());
        }

        var call = new MachineCall(0, MachineCallKinds.IdentityToken) { Resource = question.Resource, Selector = question.Selector.ToString(), Named = question.Named };
        return await calls.AskAsync(call, context.RequestAborted) is { Status: >= 200 and < 600 } answer
            ? (answer.Status, answer.Body)
            : (IdentityRefusal.Failed.Status, IdentityRefusal.Failed.ToJson());
    }
}
