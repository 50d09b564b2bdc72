using Carrel.AgentProtocol;

namespace Carrel.Engine.Agents;

/// <summary>
/// One machine's agent over one connection. The connection is never replaced behind the caller's back: machine addresses are reused by
/// other machines, so after <see cref="AgentUnreachableException"/> the caller disposes this, asks the host for the address and connects
/// anew. Everything an agent says is bounded and checked before it is returned, because the machine's user may control it. Safe for
/// concurrent use.
/// </summary>
public interface IAgent : IAsyncDisposable
{
    /// <summary>Where the agent was found.</summary>
    AgentEndpoint Endpoint { get; }

    /// <summary>False once the connection is lost; it does not come back.</summary>
    bool IsConnected { get; }

    /// <summary>Version, boot and services.</summary>
    /// <exception cref="AgentUnreachableException">The connection is lost or the agent did not answer in time.</exception>
    /// <exception cref="AgentProtocolException">The agent refused, or said something that cannot be.</exception>
    Task<AgentHealth> HealthAsync(CancellationToken cancellation);

    /// <summary>
    /// Makes the machine the instance that the settings describe. Repeating it is free. After a restart the agent has applied the last
    /// settings by itself (<see cref="AgentHealth.Configured"/>), so that Jupyter is coming already; they are sent again all the same.
    /// </summary>
    /// <exception cref="AgentUnreachableException">The connection is lost or the agent did not answer in time.</exception>
    /// <exception cref="AgentProtocolException">The agent refused, or said something that cannot be.</exception>
    Task<AgentHealth> ConfigureAsync(MachineSettings settings, CancellationToken cancellation);

    /// <summary>One sample of the signals that idle rules need.</summary>
    /// <exception cref="AgentUnreachableException">The connection is lost or the agent did not answer in time.</exception>
    /// <exception cref="AgentProtocolException">The agent refused, or said something that cannot be.</exception>
    Task<MachineActivity> ActivityAsync(CancellationToken cancellation);

    /// <summary>Ends a connection of VS Code, so that its client has to connect anew (contract 4.2).</summary>
    /// <param name="id">Its <see cref="EditorActivity.Id"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AgentUnreachableException">The connection is lost or the agent did not answer in time.</exception>
    /// <exception cref="AgentProtocolException">The agent refused (<c>EditorNotFound</c>: it has ended by itself), or said something that cannot be.</exception>
    Task<AgentHealth> EndEditorAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Brings one of <see cref="AgentContract.Services"/> up or takes it down, until settings that say otherwise are applied or the
    /// agent starts again.
    /// </summary>
    /// <exception cref="AgentUnreachableException">The connection is lost or the agent did not answer in time.</exception>
    /// <exception cref="AgentProtocolException">The agent refused (<c>ServiceNotFound</c>), or said something that cannot be.</exception>
    Task<AgentHealth> SwitchServiceAsync(string service, bool up, CancellationToken cancellation);

    /// <summary>Shows a text in every terminal in which the machine's user works.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="AgentUnreachableException">The connection is lost or the agent did not answer in time.</exception>
    /// <exception cref="AgentProtocolException">The agent refused (an older one does not know the path), or said something that cannot be.</exception>
    Task<int> NotifyAsync(string text, CancellationToken cancellation);

    /// <summary>Waits until Jupyter answers, at most <paramref name="limit"/>.</summary>
    /// <returns>Ready, or not ready with the last reason when the limit has passed.</returns>
    /// <exception cref="AgentUnreachableException">The connection is lost or the agent did not answer in time.</exception>
    /// <exception cref="AgentProtocolException">The agent refused, or said something that cannot be.</exception>
    Task<Readiness> WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellation);
}
