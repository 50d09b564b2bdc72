namespace Carrel.Instances.Idle;

/// <summary>
/// Signals that do not count by themselves (contract 4.2) and that a workspace has switched on, each from its threshold; null is off. The
/// property <c>idleSignals</c> of a workspace, and its short form <c>countOpenConnections</c>.
/// </summary>
/// <param name="OpenConnections">Clients connected to kernels, open notebook tabs as a rule: active from this many.</param>
/// <param name="SecureShellSessions">Logged-in secure shell connections: active from this many.</param>
/// <param name="ProcessorPercent">Processor load, in percent of what the machine may use: active from here.</param>
/// <param name="GpuPercent">Load of the busiest GPU in percent: active from here.</param>
public sealed record OptionalSignals(int? OpenConnections = null, int? SecureShellSessions = null, int? ProcessorPercent = null, int? GpuPercent = null)
{
    /// <summary>Nothing but what contract 4.2 counts.</summary>
    public static OptionalSignals None { get; } = new();
}
