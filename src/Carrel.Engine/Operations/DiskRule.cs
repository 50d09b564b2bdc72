using Carrel.AgentProtocol;
using Carrel.Instances.Resources;

namespace Carrel.Engine.Operations;

/// <summary>The disk rule of contract 1.4: a machine with a full disk comes up all the same, in rescue mode, and says so. Pure.</summary>
internal static class DiskRule
{
    /// <summary>Code of the entry in <c>errors</c>.</summary>
    internal const string DiskFull = "DiskFull";

    /// <summary>The entry for a machine that came up in rescue mode; null for one that came up whole.</summary>
    internal static InstanceError? ErrorOf(AgentHealth health) => health.Rescue
        ? new InstanceError(
            DiskFull,
            $"The disk is full{Free(health.FreeBytes)}, so the instance came up in rescue mode: terminal and file browser work, kernels do not. Delete files, then restart the instance.")
        : null;

    private static string Free(long bytes) => bytes >= 0 ? $" ({bytes / (1024 * 1024)} MiB free)" : "";
}
