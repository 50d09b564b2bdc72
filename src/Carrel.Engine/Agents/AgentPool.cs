using System.Collections.Concurrent;
using Carrel.Engine.Machines;
using Carrel.Instances.Resources;

namespace Carrel.Engine.Agents;

/// <summary>One kept connection to the agent of each running machine, shared by everybody who asks it regularly.</summary>
internal sealed class AgentPool(IAgentConnector connector, MachineSecrets secrets) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();

    /// <summary>The agent of a machine; connects when there is no good connection.</summary>
    /// <exception cref="AgentUnreachableException">Nobody answers there.</exception>
    /// <exception cref="AgentProtocolException">Somebody answers who is not this machine's agent.</exception>
    internal async Task<IAgent> GetAsync(ComputeInstance instance, CancellationToken cancellation)
    {
        var endpoint = new AgentEndpoint(instance.State.PrivateAddress
            ?? throw new AgentUnreachableException($"{instance.Address.Name} has no address."));
        while (true)
        {
            Entry entry = _entries.GetOrAdd(instance.Uid, _ => new Entry());
            await entry.Gate.WaitAsync(cancellation);
            try
            {
                // Somebody gave it up while this one waited: a connection put there would be nobody's.
                if (entry.GivenUp)
                    continue;
                if (entry.Agent is { IsConnected: true } known && known.Endpoint == endpoint)
                    return known;
                await entry.CloseAsync();
                return entry.Agent = await connector.ConnectAsync(endpoint, secrets.Of(instance.Uid), cancellation);
            }
            finally
            {
                entry.Gate.Release();
            }
        }
    }

    /// <summary>Gives a connection up that did not answer, so that the next one who asks connects anew.</summary>
    internal async Task DropAsync(Guid uid)
    {
        if (_entries.TryRemove(uid, out Entry? entry))
        {
            await entry.Gate.WaitAsync();
            entry.GivenUp = true;
            await entry.CloseAsync();
            entry.Gate.Release();
        }
    }

    /// <summary>Gives up the connections to all other machines.</summary>
    internal async Task KeepOnlyAsync(IEnumerable<Guid> uids)
    {
        foreach (Guid gone in _entries.Keys.Except(uids).ToArray())
            await DropAsync(gone);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(KeepOnlyAsync([]));

    private sealed class Entry
    {
        // Held while connecting: two who ask at once share one connection. It is never closed, because somebody may still wait at it.
        internal SemaphoreSlim Gate { get; } = new(1, 1);

        internal IAgent? Agent { get; set; }

        internal bool GivenUp { get; set; }

        internal async Task CloseAsync()
        {
            if (Agent is { } agent)
                await agent.DisposeAsync();
            Agent = null;
        }
    }
}
