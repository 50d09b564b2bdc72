namespace Carrel.AgentProtocol;

/// <summary>Raw signals for the idle rules (contract 4.2) and no decision: the server decides.</summary>
/// <param name="SampledAt">When the sample was taken, by the machine's clock.</param>
/// <param name="Complete">False when something could not be seen; the server must not call such a machine idle.</param>
/// <param name="Reason">What could not be seen, null when complete.</param>
/// <param name="Kernels">Kernels that Jupyter runs, at most <see cref="AgentContract.MostEntries"/>.</param>
/// <param name="Terminals">Terminals that Jupyter runs, at most <see cref="AgentContract.MostEntries"/>.</param>
/// <param name="SshSessions">Logged-in secure shell connections; they count as activity only where a workspace says so.</param>
public sealed record MachineActivity(
    DateTimeOffset SampledAt,
    bool Complete,
    string? Reason,
    IReadOnlyList<KernelActivity> Kernels,
    IReadOnlyList<TerminalActivity> Terminals,
    int SshSessions)
{
    // A reader made at compile time sets what an older agent does not send to null.

    /// <summary>Jobs that run here or wait here.</summary>
    public IReadOnlyList<JobActivity> Jobs { get; init => field = value ?? []; } = [];

    /// <summary>Connections of VS Code.</summary>
    public IReadOnlyList<EditorActivity> Editors { get; init => field = value ?? []; } = [];

    /// <summary>Custom applications.</summary>
    public IReadOnlyList<ApplicationActivity> Applications { get; init => field = value ?? []; } = [];

    /// <summary>Processes that somebody in the machine wants it to stay up for, and that live.</summary>
    public IReadOnlyList<KeptProcess> KeptProcesses { get; init => field = value ?? []; } = [];

    /// <summary>Processor load since the sample before, in percent of what the machine may use, 0 to 100; null when it cannot be measured.</summary>
    public double? ProcessorPercent { get; init; }

    /// <summary>Load of the busiest GPU in percent, 0 to 100; null without a GPU.</summary>
    public double? GpuPercent { get; init; }
}

/// <summary>One kernel.</summary>
/// <param name="Id">Jupyter's id of it.</param>
/// <param name="Name">Name of its kernel specification, such as <c>python3</c>.</param>
/// <param name="ExecutionState">Jupyter's word: <c>busy</c>, <c>idle</c>, <c>starting</c>...</param>
/// <param name="LastActivity">When it last changed state; frozen at the start of a silent cell.</param>
/// <param name="Connections">Clients connected to it, open tabs as a rule.</param>
public sealed record KernelActivity(string Id, string Name, string ExecutionState, DateTimeOffset LastActivity, int Connections);

/// <summary>One terminal.</summary>
/// <param name="Name">Jupyter's name of it.</param>
/// <param name="LastActivity">Its last input or output.</param>
/// <param name="HasRunningChild">True when a command runs in it, however silent.</param>
public sealed record TerminalActivity(string Name, DateTimeOffset LastActivity, bool HasRunningChild);

/// <summary>One job.</summary>
/// <param name="Id">Its name in the workspace.</param>
/// <param name="Status">Its status (contract 11.1), such as <c>Queued</c>.</param>
public sealed record JobActivity(string Id, string Status);

/// <summary>One connection of VS Code. <see cref="AgentContract.EditorsPath"/> ends it.</summary>
/// <param name="Id">The agent's id of it: letters, digits, hyphens.</param>
/// <param name="LastActivity">When something was last done in it.</param>
public sealed record EditorActivity(string Id, DateTimeOffset LastActivity);

/// <summary>One custom application.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Running">Whether it runs.</param>
public sealed record ApplicationActivity(string Name, bool Running);

/// <summary>A process that the machine is to stay up for.</summary>
/// <param name="Id">Process id inside the machine.</param>
/// <param name="Name">Its command's short name.</param>
/// <param name="Since">When that was asked for.</param>
public sealed record KeptProcess(int Id, string Name, DateTimeOffset Since);
