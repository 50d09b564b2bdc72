using Carrel.Instances.Lifecycle;

namespace Carrel.Engine.Reconciliation;

/// <summary>Whether an instance whose agent was or was not heard is Unknown (contract 1.4). Pure.</summary>
internal static class HeartbeatRules
{
    /// <summary>The state from now on.</summary>
    /// <param name="state">State now.</param>
    /// <param name="silent">Heartbeats in a row without an answer.</param>
    /// <param name="limit">How many make an instance Unknown.</param>
    internal static InstanceState Decide(InstanceState state, int silent, int limit) => state switch
    {
        InstanceState.Running when silent >= limit => InstanceState.Unknown,
        InstanceState.Unknown when silent == 0 => InstanceState.Running,
        _ => state,
    };
}
