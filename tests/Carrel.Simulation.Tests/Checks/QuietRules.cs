using Carrel.Instances.Hosting;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// What holds when everybody has stopped asking, the host answers and enough time has passed: every operation has ended, every instance is what
/// was asked of it, and the host holds exactly what belongs to them.
/// </summary>
internal static class QuietRules
{
    /// <summary>Longest idle period whose end is waited for.</summary>
    internal const int MostIdleMinutes = 15;

    // Two samples, and the stop itself.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(3);

    private static readonly string[] Settled = ["Running", "Stopped", "CreateFailed", "SetupFailed", "Unusable"];

    /// <summary>What is wrong, or null.</summary>
    /// <param name="world">The world.</param>
    /// <param name="calm">True when nothing happened that an operation may fail by.</param>
    /// <param name="since">Since when nothing has gone on in any machine, and nobody has asked for anything.</param>
    internal static async Task<string?> FaultAsync(SimulatedWorld world, bool calm, DateTimeOffset since)
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
            if (IsForgottenIdle(world, now, instance, since))
                faults.Add($"{instance.Name} has been idle for more than {instance.IdleMinutes} minutes and runs.");
        }

        faults.AddRange(ForgottenFirings(world, now));
        faults.AddRange(now.Notices.Values
            .Where(notice => notice is { Kind: SeenNotice.Scheduled, IsOpen: true } && !IsCaused(now, notice))
            .Select(notice => $"A stop of {now.Instances.GetValueOrDefault(notice.Instance)?.Name} at {notice.FireAt:HH:mm:ss} is announced, and no schedule causes it."));

        faults.AddRange(machines.Keys.Except(now.Instances.Keys).Select(machine => $"The host keeps machine {machine}, which is nobody's."));
        faults.AddRange(networks.Except(now.Workspaces.Keys).Select(network => $"The host keeps network {network}, which is nobody's."));
        if (calm && world.History.Ends.Contains("Failed"))
            faults.Add("An operation failed although nothing went wrong around it.");
        return faults.Count == 0 ? null : string.Join(' ', faults);
    }

    private static bool IsCaused(Snapshot now, SeenNotice notice) => now.Instances.TryGetValue(notice.Instance, out SeenInstance? instance)
        && instance.Schedules.Any(schedule => schedule is { Enabled: true, Action: "Stop" } && schedule.Id == notice.Schedule && schedule.Fires(notice.Due));

    private static bool IsForgottenIdle(SimulatedWorld world, Snapshot now, SeenInstance instance, DateTimeOffset since)
    {
        if (instance is not { State: "Running", IdleMinutes: { } minutes } || world.History.UpSince(instance.Uid) is not { } up)
            return false;
        DateTimeOffset[] begins =
        [
            since,
            up,
            now.KeptAwake.GetValueOrDefault(instance.Uid),
            // Put off, the stop comes then.
            .. now.Notices.Values.Where(notice => notice is { Kind: SeenNotice.Idle, IsOpen: true } && notice.Instance == instance.Uid && notice.DecidedAt is not null).Select(notice => notice.FireAt),
        ];
        return begins.Max() + TimeSpan.FromMinutes(minutes) + Late < world.Time.GetUtcNow();
    }

    // Each occurrence of what is on has its one outcome, be it that it was missed; but for the stops that were put off.
    private static IEnumerable<string> ForgottenFirings(SimulatedWorld world, Snapshot now)
    {
        DateTimeOffset clock = world.Time.GetUtcNow();
        foreach ((string uid, SeenSchedule schedule, DateTimeOffset since) in world.History.EnabledSchedules())
        {
            foreach (DateTimeOffset due in schedule.Between(since, clock))
            {
                if (now.Firings.TryGetValue((uid, schedule.Id, due), out SeenFiring? firing) ? firing.Outcome == "Deferred" && clock - due > TimeSpan.FromMinutes(16)
                    : now.NoticeOf(uid, schedule.Id, due) is not { IsOpen: true } notice || notice.FireAt <= clock)
                    yield return $"Nothing became of the {schedule.Action} of {now.Instances.GetValueOrDefault(uid)?.Name} due at {due:HH:mm:ss}; it has been on since {since:HH:mm:ss}.";
            }
        }
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
