using Carrel.Instances.Hosting;

namespace Carrel.TestKit.Hosting;

/// <summary>One machine of an <see cref="InMemoryEngine"/>.</summary>
internal sealed class InMemoryMachine(MachineSpec spec, string address)
{
    public MachineSpec Spec { get; } = spec;

    public MachinePhase Phase { get; set; } = MachinePhase.Incomplete;

    public string? ImageVersion { get; set; }

    /// <summary>The private disk: file name to content.</summary>
    public Dictionary<string, string> Home { get; } = [];

    public bool EndedWithEngine { get; private set; }

    public string? ExitReason { get; private set; }

    public MachineStatus Status => new(
        Spec.Id, Phase, Phase == MachinePhase.Running ? address : null, ImageVersion, EndedWithEngine, Phase == MachinePhase.Stopped ? ExitReason : null);

    public void End(string reason, bool withEngine)
    {
        Phase = MachinePhase.Stopped;
        EndedWithEngine = withEngine;
        ExitReason = reason;
    }

    public void Start()
    {
        Phase = MachinePhase.Running;
        EndedWithEngine = false;
        ExitReason = null;
    }
}
