using System.Net;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Engine.Lines;

/// <summary>Answers what processes inside machines ask the server. Who asks is known by the line, never by what is said on it.</summary>
public interface IMachineCalls
{
    /// <summary>Answers a call; it never fails.</summary>
    /// <param name="machineId">The machine that asks.</param>
    /// <param name="call">What it asks: a user's input.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<MachineCallAnswer> AnswerAsync(Guid machineId, MachineCall call, CancellationToken cancellation);
}

/// <summary>Settings of lines.</summary>
/// <param name="Server">Where the server itself listens for its public origin.</param>
public sealed record MachineLineOptions(IPEndPoint Server)
{
    /// <summary>How often the store is looked at for machines that came, went or changed.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Port of agents.</summary>
    public int Port { get; init; } = LineContract.Port;
}
