using NodaTime;

namespace Carrel.Instances.Idle;

/// <summary>
/// What one look into a machine showed: raw signals and no decision (contract 4.2). Instants are the server's: what the machine said by its
/// own clock was moved by the difference between the two.
/// </summary>
/// <param name="At">When it was heard.</param>
/// <param name="Complete">False when something could not be seen; such a machine is never called idle.</param>
/// <param name="Reason">What could not be seen, or null.</param>
public sealed record ActivitySample(Instant At, bool Complete = true, string? Reason = null)
{
    /// <summary>Kernels of Jupyter.</summary>
    public IReadOnlyList<KernelSample> Kernels { get; init; } = [];

    /// <summary>Terminals of Jupyter.</summary>
    public IReadOnlyList<TerminalSample> Terminals { get; init; } = [];

    /// <summary>Jobs that are assigned to the instance.</summary>
    public IReadOnlyList<JobSample> Jobs { get; init; } = [];

    /// <summary>Connections of VS Code.</summary>
    public IReadOnlyList<EditorSample> Editors { get; init; } = [];

    /// <summary>Custom applications that run.</summary>
    public IReadOnlyList<ApplicationSample> Applications { get; init; } = [];

    /// <summary>Processes that somebody inside asked to stay awake for.</summary>
    public IReadOnlyList<KeptProcessSample> KeptProcesses { get; init; } = [];

    /// <summary>Logged-in secure shell connections.</summary>
    public int SecureShellSessions { get; init; }

    /// <summary>Load of the machine's processors since the sample before, in percent of what it may use; null when it cannot be measured.</summary>
    public double? ProcessorPercent { get; init; }

    /// <summary>Load of its busiest GPU in percent; null without one.</summary>
    public double? GpuPercent { get; init; }
}

/// <summary>One kernel.</summary>
/// <param name="Id">Jupyter's id of it.</param>
/// <param name="Name">Its kernel specification, such as <c>python3</c>.</param>
/// <param name="State">Jupyter's word: <c>busy</c>, <c>idle</c>, <c>starting</c>...</param>
/// <param name="LastActivity">When it last changed state: of an idle kernel, when it was last busy.</param>
/// <param name="Connections">Clients connected to it.</param>
public sealed record KernelSample(string Id, string Name, string State, Instant LastActivity, int Connections);

/// <summary>One terminal.</summary>
/// <param name="Name">Jupyter's name of it.</param>
/// <param name="LastActivity">Its last input or output.</param>
/// <param name="HasRunningChild">A command runs in it, however silent.</param>
public sealed record TerminalSample(string Name, Instant LastActivity, bool HasRunningChild);

/// <summary>One job of the instance.</summary>
/// <param name="Id">Its name in the workspace.</param>
/// <param name="Status">Word of contract 11.1, such as <c>Queued</c> or <c>Running</c>.</param>
public sealed record JobSample(string Id, string Status);

/// <summary>One connection of VS Code.</summary>
/// <param name="Id">The agent's id of it.</param>
/// <param name="LastActivity">When something was last done in it.</param>
public sealed record EditorSample(string Id, Instant LastActivity);

/// <summary>One custom application.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Running">Whether its container runs.</param>
public sealed record ApplicationSample(string Name, bool Running);

/// <summary>A process that keeps the instance awake while it lives.</summary>
/// <param name="Id">Process id.</param>
/// <param name="Name">Its command's short name.</param>
/// <param name="Since">When that was asked for.</param>
public sealed record KeptProcessSample(int Id, string Name, Instant Since);
