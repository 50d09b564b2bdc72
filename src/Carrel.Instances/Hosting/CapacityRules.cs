using System.Globalization;

namespace Carrel.Instances.Hosting;

/// <summary>What happens when a size asks for more than its host has.</summary>
public enum CapacityPolicy
{
    /// <summary>The instance gets what there is, and the answer says so.</summary>
    Overcommit,

    /// <summary>The instance is refused.</summary>
    Refuse,
}

/// <summary>Whether a size fits a host (contract 10: quota is no promise of capacity). Pure.</summary>
public static class CapacityRules
{
    private const double Gibibyte = 1L << 30;

    /// <summary>Why a size does not fit, in a sentence with both numbers; null when it does.</summary>
    /// <param name="size">Name of the size.</param>
    /// <param name="processors">Processors it asks for.</param>
    /// <param name="memoryBytes">Memory it asks for, in bytes.</param>
    /// <param name="host">What the host has.</param>
    public static string? Shortfall(string size, double processors, long memoryBytes, HostCapacity host)
    {
        if (processors <= host.Processors && memoryBytes <= host.MemoryBytes)
        {
            return null;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"The size {size} asks for {processors:0.#} vCPUs and {memoryBytes / Gibibyte:0.#} GB of memory; the host has {host.Processors:0.#} and {host.MemoryBytes / Gibibyte:0.#} GB.");
    }
}
