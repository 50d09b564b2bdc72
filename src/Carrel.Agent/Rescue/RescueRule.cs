using System.Globalization;

namespace Carrel.Agent.Rescue;

/// <summary>Whether a boot leads to rescue mode, and why.</summary>
/// <param name="Rescue">True: terminal and file browser only.</param>
/// <param name="Reason">One sentence for people.</param>
internal sealed record RescueDecision(bool Rescue, string Reason);

/// <summary>The disk rule of contract 1.4. Pure.</summary>
internal static class RescueRule
{
    /// <summary>Decides from the space on the fullest disk of the machine.</summary>
    /// <param name="freeBytes">Bytes that the machine's user can still write there.</param>
    /// <param name="belowBytes">With fewer than these a boot leads to rescue mode; 0 means never.</param>
    public static RescueDecision Decide(long freeBytes, long belowBytes) => freeBytes < belowBytes
        ? new RescueDecision(true, $"{Mebibytes(freeBytes)} MiB are free, fewer than {Mebibytes(belowBytes)} MiB.")
        : new RescueDecision(false, $"{Mebibytes(freeBytes)} MiB are free.");

    private static string Mebibytes(long bytes) => (bytes / (1024 * 1024)).ToString(CultureInfo.InvariantCulture);
}
