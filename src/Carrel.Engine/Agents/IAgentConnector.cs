using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Engine.Agents;

/// <summary>Where an agent listens.</summary>
/// <param name="Address">IP address of the machine, as its host reported it just now.</param>
/// <param name="Port">TCP port of its lines, <see cref="LineContract.Port"/> as a rule.</param>
public sealed record AgentEndpoint(string Address, int Port = LineContract.Port)
{
    /// <summary>Address and port, for messages.</summary>
    public override string ToString() => $"{Address}:{Port}";
}

/// <summary>Opens the one connection between the server and a machine. The machine never dials out.</summary>
public interface IAgentConnector
{
    /// <summary>
    /// Connects, after both sides have proved that they know the secret. A machine that is just booting is tried again every few milliseconds
    /// until the connector's deadline, so that a start loses no time.
    /// </summary>
    /// <exception cref="AgentUnreachableException">Nobody answered until the deadline.</exception>
    /// <exception cref="AgentProtocolException">Somebody answered who is not this machine's agent (<c>Unauthorized</c>) or talks nonsense.</exception>
    Task<IAgent> ConnectAsync(AgentEndpoint endpoint, MachineSecret secret, CancellationToken cancellation);
}
