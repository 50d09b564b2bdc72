using Carrel.Instances.Hosting;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// What holds when everybody has stopped asking, the host answers and enough time has passed: every operation has ended, every instance is what
/// was asked of it, and the host holds exactly what belongs to them.
/// </summary>
internal static class QuietRules
{
    private static readonly string[] Settled = ["Running", "Stopped", "CreateFailed", "SetupFailed", "Unusable"];

    /// <summary>What is wrong, or null.</summary>
    /// <param name="world">The world.</param>
    /// <param name="calm">True when nothing happened that an operation may fail by.</param>
    internal static async Task<string?> FaultAsync(SimulatedWorld world, bool calm)
    {
        Snapshot now = world.History.Now;
        Dictionary<string, MachineStatus> machines = (await world.Server.Host.ListMachinesAsync(default)).ToDictionary(machine => machine.Id.ToString("D"));
        HashSet<string> networks = [.. (await world.Server.Host.ListNetworksAsync(default)).Select(network => network.ToString("D"))];
        List<string> faults = [.. now.Running.Select(operation => $"A {operation.Kind} never ends.")];
        foreach (SeenInstance instance in now.Instances.Values)
        {
            if (!Settled.Contains(instance.State))
                faults.Add($"{instance.Name} stays {instance.State}.");
            if (MachineFault(instance, machines.GetValueOrDefault(instance.Uid)) is { } fault)
                faults.Add(fault);
            if (AskedFault(instance, world.History.LastSucceeded(instance.Uid), calm) is { } other)
                faults.Add(other);
        }

        faults.AddRange(machines.Keys.Except(now.Instances.Keys).Select(machine => $"The host keeps machine {machine}, which is nobody's."));
        faults.AddRange(networks.Except(now.Workspaces.Keys).Select(network => $"The host keeps network {network}, which is nobody's."));
        if (calm && world.History.Ends.Contains("Failed"))
            faults.Add("An operation failed although nothing went wrong around it.");
        return faults.Count == 0 ? null : string.Join(' ', faults);
    }

    private static string? MachineFault(SeenInstance instance, MachineStatus? machine) => (instance.State, machine?.Phase) switch
    {
        ("Running" or "SetupFailed", MachinePhase.Running) => null,
        ("Stopped", not MachinePhase.Running) => null,
        ("CreateFailed", null) => null,
        ("Unusable", _) => null,
        _ => $"{instance.Name} is {instance.State} and its machine {machine?.Phase.ToString() ?? "gone"}.",
    };

    private static string? AskedFault(SeenInstance instance, string? last, bool calm)
    {
        if (!calm || last is null)
            return null;
        string asked = last == "Stop" ? "Stopped" : "Running";
        return instance.State == asked ? null : $"{instance.Name} was last asked to be {asked} and is {instance.State}.";
    }
}
