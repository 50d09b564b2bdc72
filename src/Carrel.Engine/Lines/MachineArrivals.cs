using Carrel.AgentProtocol;

namespace Carrel.Engine.Lines;

/// <summary>A machine has come up.</summary>
/// <param name="MachineId">The machine, which is the instance's unique id.</param>
/// <param name="Address">Its address.</param>
/// <param name="Settings">The settings it is given.</param>
public sealed record MachineArrival(Guid MachineId, string Address, MachineSettings Settings);

/// <summary>Tells whoever keeps lines to machines that one has come up, before the store says so.</summary>
public sealed class MachineArrivals
{
    /// <summary>Called for each; must be quick and must not fail.</summary>
    public event Action<MachineArrival>? Arrived;

    internal void Announce(MachineArrival arrival) => Arrived?.Invoke(arrival);
}
