using Carrel.Hosts.Docker.Client;
using Carrel.Hosts.Docker.Networks;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Machines;

/// <summary>From what the engine says about a container to a machine's status; pure.</summary>
internal static class MachineReading
{
    /// <summary>True while the container was never started, when it may still be unfinished.</summary>
    public static bool NeverStarted(ContainerDetails container) => container.State.Status == "created";

    public static MachineStatus Read(Guid machineId, ContainerDetails container, bool hasSecret, EngineLife? engine)
    {
        var phase = container.State.Status switch
        {
            "created" => hasSecret ? MachinePhase.Made : MachinePhase.Incomplete,
            "running" or "paused" or "restarting" => MachinePhase.Running,
            "removing" or "dead" => MachinePhase.Incomplete,
            _ => MachinePhase.Stopped,
        };
        return new MachineStatus(
            machineId,
            phase,
            phase == MachinePhase.Running ? Address(container) : null,
            container.Config.Labels?.GetValueOrDefault(ObjectLabels.ImageVersion),
            phase == MachinePhase.Stopped && engine is not null && EndedWithEngine(container.State, engine),
            phase switch
            {
                MachinePhase.Stopped => Reason(container.State),
                MachinePhase.Incomplete => "The machine was never completely made.",
                _ => null,
            });
    }

    /// <summary>
    /// What was started under an earlier engine ended with it at the latest, because containers do not outlive the engine. Where they do
    /// (live restore), the end must lie before the present engine or in its first half minute, in which it finds out what it lost.
    /// </summary>
    public static bool EndedWithEngine(ContainerState state, EngineLife engine) =>
        state.StartedAt < engine.Start && (!engine.LiveRestore || state.FinishedAt < engine.Start.AddSeconds(30));

    private static string? Address(ContainerDetails container)
    {
        var endpoint = container.NetworkSettings?.Networks?.Values.FirstOrDefault();
        return string.IsNullOrEmpty(endpoint?.IPAddress) ? MachineAddresses.Pinned(container.NetworkSettings) : endpoint.IPAddress;
    }

    private static string Reason(ContainerState state) => state switch
    {
        { OOMKilled: true } => "The machine ran out of memory and was ended by the host. Use a larger VM size.",
        { Error: { Length: > 0 } error } => $"The machine ended: {error}",
        _ => $"The machine's first process ended with code {state.ExitCode}.",
    };
}

/// <summary>The present engine process.</summary>
/// <param name="Start">When it started.</param>
/// <param name="LiveRestore">Whether containers go on while there is no engine.</param>
internal sealed record EngineLife(DateTimeOffset Start, bool LiveRestore);
