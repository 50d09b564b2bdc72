namespace Carrel.AgentProtocol;

/// <summary>Raw signals for the idle rules (contract 4.2) and no decision: the server decides.</summary>
/// <param name="SampledAt">When the sample was taken, by the machine's clock.</param>
/// <param name="Complete">False when something could not be seen; the server must not call such a machine idle.</param>
/// <param name="Reason">What could not be seen, null when complete.</param>
/// <param name="Kernels">Kernels that Jupyter runs, at most <see cref="AgentContract.MostEntries"/>.</param>
/// <param name="Terminals">Terminals that Jupyter runs, at most <see cref="AgentContract.MostEntries"/>.</param>
/// <param name="SshSessions">Logged-in secure shell connections; they do not count as activity, but explain a decision.</param>
public sealed record MachineActivity(
    DateTimeOffset SampledAt,
    bool Complete,
    string? Reason,
    IReadOnlyList<KernelActivity> Kernels,
    IReadOnlyList<TerminalActivity> Terminals,
    int SshSessions);

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
