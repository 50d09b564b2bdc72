namespace Carrel.AgentProtocol;

/// <summary>What the agent says about itself and the services of its machine.</summary>
/// <param name="Version">Version of the agent's program.</param>
/// <param name="UptimeSeconds">Seconds since the agent started.</param>
/// <param name="BootId">Random at every start of the agent: a new one means that the machine or its agent was started again.</param>
/// <param name="Configured">True once settings have been applied since the agent started.</param>
/// <param name="SettingsVersion">Version of the settings that hold, null without any.</param>
/// <param name="Services">Every service that can be switched.</param>
/// <param name="Problems">What could not be done and harms little, one sentence each; empty as a rule.</param>
public sealed record AgentHealth(
    string Version,
    double UptimeSeconds,
    string BootId,
    bool Configured,
    long? SettingsVersion,
    IReadOnlyList<ServiceHealth> Services,
    IReadOnlyList<string> Problems)
{
    /// <summary>True when this boot came up in rescue mode: terminal and file browser only (contract 1.4).</summary>
    public bool Rescue { get; init; }

    /// <summary>Bytes that the machine's user can still write on the fullest of its disks; negative when they are not known.</summary>
    public long FreeBytes { get; init; } = -1;
}

/// <summary>One service of the machine.</summary>
/// <param name="Name">One of <see cref="AgentContract.Services"/>.</param>
/// <param name="State">What its supervisor says.</param>
/// <param name="Since">Since when, null when the supervisor does not know the service.</param>
public sealed record ServiceHealth(string Name, ServiceState State, DateTimeOffset? Since);

/// <summary>State of a supervised service.</summary>
public enum ServiceState
{
    /// <summary>Its process runs.</summary>
    Up,

    /// <summary>No process, and none is wanted or it ends again at once.</summary>
    Down,

    /// <summary>Its process ended and is being cleaned up after.</summary>
    Finishing,

    /// <summary>The machine's image has no such service, or its supervisor is not there yet.</summary>
    Absent,
}

/// <summary>Whether people can work: Jupyter answers with its secret.</summary>
/// <param name="Ready">True when it does.</param>
/// <param name="Reason">Why not, in a few words; null when ready.</param>
public sealed record Readiness(bool Ready, string? Reason);

/// <summary>Body of every refusal.</summary>
/// <param name="Code">A stable word such as <c>InvalidSettings</c>.</param>
/// <param name="Message">Reason and remedy.</param>
public sealed record AgentError(string Code, string Message);
