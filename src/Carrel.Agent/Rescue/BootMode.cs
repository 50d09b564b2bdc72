using System.Globalization;
using Carrel.Agent.Files;

namespace Carrel.Agent.Rescue;

/// <summary>
/// Whether this boot is in rescue mode. Decided once per boot and kept in the folder that every boot empties: nobody's kernels go away
/// because the disk filled up while they worked, and an agent that starts again does not decide anew.
/// </summary>
internal sealed class BootMode(AgentOptions options)
{
    private const UnixFileMode RootOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string File => Path.Combine(options.RunFolder, "boot-mode");

    /// <summary>Bytes that the machine's user can still write on the fullest of its disks.</summary>
    public long FreeBytes() => options.Disks.Where(Directory.Exists).Min(static folder => new DriveInfo(folder).AvailableFreeSpace);

    /// <summary>The decision of this boot; null when none was needed yet.</summary>
    public bool? Decided => AtomicFile.ReadIfThere(File)?.StartsWith("rescue", StringComparison.Ordinal);

    /// <summary>Decides, unless this boot has decided already.</summary>
    /// <param name="belowBytes">With fewer free bytes it is rescue mode; 0 means never.</param>
    /// <returns>True for rescue mode.</returns>
    public bool Settle(long belowBytes)
    {
        if (Decided is { } decided)
        {
            return decided;
        }

        var decision = RescueRule.Decide(FreeBytes(), belowBytes);
        AtomicFile.Write(File, string.Create(CultureInfo.InvariantCulture, $"{(decision.Rescue ? "rescue" : "normal")}: {decision.Reason}\n"), RootOnly);
        options.Log.WriteLine($"boot mode {(decision.Rescue ? "rescue" : "normal")}: {decision.Reason}");
        return decision.Rescue;
    }
}
