using Carrel.Hosts.Docker.Client;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker.Machines;

/// <summary>From the engine's event to ours; pure. The engine mixes labels and facts of the event in one set of attributes.</summary>
internal static class MachineHappening
{
    private const long NanosecondsPerTick = 100;

    public static MachineEvent? Read(EngineEvent happening)
    {
        MachineEventKind? kind = happening.Action switch
        {
            "start" => MachineEventKind.Started,
            "die" => MachineEventKind.Ended,
            "destroy" => MachineEventKind.Removed,
            _ => null,
        };
        if (kind is null || ObjectLabels.Id(happening.Actor.Attributes, ObjectLabels.Machine) is not { } machine)
            return null;
        var at = DateTimeOffset.UnixEpoch.AddTicks(happening.TimeNano / NanosecondsPerTick);
        var detail = kind == MachineEventKind.Ended && happening.Actor.Attributes!.TryGetValue("exitCode", out var code) ? $"exit code {code}" : null;
        return new MachineEvent(machine, kind.Value, at, detail);
    }
}
