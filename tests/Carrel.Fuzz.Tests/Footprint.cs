namespace Carrel.Fuzz.Tests;

/// <summary>What the process holds on to.</summary>
/// <param name="Heap">Bytes of the managed heap after a full collection.</param>
/// <param name="Handles">Open files and sockets.</param>
internal sealed record Footprint(long Heap, int Handles)
{
    internal static Footprint Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new Footprint(GC.GetTotalMemory(forceFullCollection: true), Directory.GetFiles("/proc/self/fd").Length);
    }
}
