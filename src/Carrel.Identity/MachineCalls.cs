using System.Text.Json.Nodes;
using Carrel.AgentProtocol.Identity;
using Carrel.AgentProtocol.Lines;
using Carrel.Engine.Lines;
using Carrel.Identity.Owners;
using Carrel.Identity.Tokens;
using Microsoft.Extensions.Logging;

namespace Carrel.Identity;

/// <summary>Answers the calls of machines.</summary>
internal sealed partial class MachineCalls(IdentityTokens tokens, OwnerTokens owners, ILogger<MachineCalls> logger) : IMachineCalls
{
    /// <inheritdoc/>
    public async Task<MachineCallAnswer> AnswerAsync(Guid machineId, MachineCall call, CancellationToken cancellation) => call.Kind switch
    {
        MachineCallKinds.IdentityToken when Read(call) is { } question => Answer(await tokens.AnswerAsync(machineId, question, cancellation)),
        MachineCallKinds.OwnerToken when call.Resource is { Length: > 0 and <= 512 } resource => await OwnerAsync(machineId, resource, cancellation),
        _ => Answer(IdentityRefusal.InvalidRequest("The machine asks something that this server does not know.")),
    };

    private async Task<MachineCallAnswer> OwnerAsync(Guid machineId, string resource, CancellationToken cancellation)
    {
        try
        {
            (JsonObject? token, IdentityRefusal? refusal) = await owners.AnswerAsync(machineId, resource, cancellation);
            return token is not null ? new MachineCallAnswer(0, 200, token.ToJsonString()) : Answer(refusal!);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(machineId, fault);
            return Answer(IdentityRefusal.Failed);
        }
    }

    [LoggerMessage(1402, LogLevel.Error, "A token of the owner of instance {Instance} could not be issued")]
    private partial void LogFailed(Guid instance, Exception fault);

    // An agent has checked it already; whoever has taken its place has not.
    private static IdentityQuestion? Read(MachineCall call) =>
        call.Resource is { Length: > 0 and <= 512 } resource
        && Enum.TryParse(call.Selector, out IdentitySelector selector) && Enum.IsDefined(selector)
        && (selector == IdentitySelector.Default ? call.Named is null : call.Named is { Length: <= 512 })
            ? new IdentityQuestion(resource, selector, call.Named)
            : null;

    private static MachineCallAnswer Answer(IdentityAnswer answer) =>
        answer.Token is { } token ? new MachineCallAnswer(0, 200, token.ToMsi().ToJsonString()) : Answer(answer.Refusal!);

    private static MachineCallAnswer Answer(IdentityRefusal refusal) => new(0, refusal.Status, refusal.ToJson());
}
