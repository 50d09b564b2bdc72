using Carrel.Engine.Agents;
using Carrel.Engine.Machines;
using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>Shows notices in the machine's terminals, through its agent.</summary>
internal sealed class TerminalChannel(IEngineStore store, IAgentConnector agents, MachineSecrets secrets, TimeProvider time) : INoticeChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public bool Takes(NoticeDelivery delivery) => delivery.Channel == NoticeDelivery.Terminal;

    /// <inheritdoc/>
    public async Task<string?> TryAsync(NoticeDelivery delivery, CancellationToken cancellation)
    {
        (StopNotice? notice, ComputeInstance? instance) = await store.ReadAsync(
            view => view.FindNotice(delivery.NoticeId) is { } found ? (found, view.FindReadableInstance(found.InstanceUid)) : (null, null), cancellation);
        // Over or dismissed meanwhile, or off, so that nobody works there.
        if (notice is not { IsOpen: true } || instance?.State.PrivateAddress is not { } address)
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await using IAgent agent = await agents.ConnectAsync(new AgentEndpoint(address), secrets.Of(instance.Uid), patience.Token);
            // Written now, because it says how long is left.
            await agent.NotifyAsync(NoticeText.Terminal(instance, notice, Instant.FromDateTimeOffset(time.GetUtcNow())), patience.Token);
            return null;
        }
        catch (AgentUnreachableException fault)
        {
            return fault.Message;
        }
        catch (AgentProtocolException)
        {
            // An agent from before this call, as a rule: the next start brings a new one, and asking again changes nothing.
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"The machine's agent did not answer within {Patience.TotalSeconds:0} seconds.";
        }
    }
}
